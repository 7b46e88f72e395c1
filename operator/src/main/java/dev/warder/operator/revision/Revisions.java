package dev.warder.operator.revision;

import dev.warder.operator.budget.BudgetRange;
import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last good generation of each policy: kept in the cluster, served from the registry. */
public final class Revisions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Revisions.class);

  /** API servers call a deleted webhook a little longer, until their caches follow. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final Map<PolicyId, Revision> current = new ConcurrentHashMap<>();
  private final RevisionStore store;
  private final PolicyRegistry registry;
  private final BudgetRange budgets;
  private final ScheduledExecutorService lingering =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("withdraw").factory());

  public Revisions(
      KubernetesClient client,
      String namespace,
      String instance,
      PolicyRegistry registry,
      BudgetRange budgets) {
    this.store = new RevisionStore(client, namespace, instance);
    this.registry = registry;
    this.budgets = budgets;
  }

  public Optional<Revision> current(PolicyId id) {
    return Optional.ofNullable(current.get(id));
  }

  public Set<PolicyId> ids() {
    return Set.copyOf(current.keySet());
  }

  /** Keeps a generation as the last good one and serves it from now on. */
  public void promote(Revision revision) {
    store.save(revision);
    serve(revision);
  }

  /** Forgets a policy whose webhook configuration is gone. */
  public void remove(PolicyId id) {
    store.delete(id);
    current.remove(id);
    registry.find(id).ifPresent(this::withdrawLater);
  }

  private void withdrawLater(ServedPolicy served) {
    Runnable withdraw =
        () -> {
          if (registry.find(served.id()).filter(served::equals).isPresent()) {
            registry.withdraw(served.id());
          }
        };
    var _ = lingering.schedule(withdraw, LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Serves again what was served before a restart, from the digests that were kept. A generation
   * that cannot be had any more is left to the ordinary preparation.
   */
  public void restore(PolicyPreparer preparer) {
    for (var kept : store.load()) {
      var budget = budgets.grantAgain(kept.spec(), kept.asked());
      var request =
          new PreparationRequest(
              kept.spec().module(), kept.spec().settings(), budget, Optional.of(kept.pinned()));
      switch (preparer.prepare(request, _ -> {})) {
        case Outcome.Done<PreparedPolicy>(var prepared) -> {
          serve(
              new Revision(
                  kept.id(),
                  kept.uid(),
                  kept.generation(),
                  kept.spec(),
                  kept.asked(),
                  budget,
                  prepared));
          LOG.info("Serving {} generation {} as before", kept.id(), kept.generation());
        }
        case Outcome.Failed<PreparedPolicy>(var failure) ->
            LOG.warn(
                "{} generation {} cannot be served as before: {}",
                kept.id(),
                kept.generation(),
                failure.message());
      }
    }
  }

  private void serve(Revision revision) {
    current.put(revision.id(), revision);
    registry.publish(revision.served());
  }

  @Override
  public void close() {
    lingering.shutdownNow();
  }
}
