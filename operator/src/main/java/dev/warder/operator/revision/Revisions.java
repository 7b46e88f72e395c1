package dev.warder.operator.revision;

import dev.warder.operator.budget.BudgetRange;
import dev.warder.operator.policyserver.Trust;
import dev.warder.operator.revision.RevisionStore.Kept;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.host.HostAccess;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.VerificationLoss;
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

  /** The generation that judges requests now. */
  public Optional<Revision> serving(PolicyId id) {
    return current(id).filter(_ -> registry.find(id).isPresent());
  }

  /** Whether there is a last good generation that may not judge. */
  public boolean isSuspended(PolicyId id) {
    return current(id).isPresent() && registry.find(id).isEmpty();
  }

  public Set<PolicyId> ids() {
    return Set.copyOf(current.keySet());
  }

  /**
   * Keeps a generation as the last good one and serves it from now on, unless the same module,
   * accepted by the same requirements, may not judge: an edit of the rest gives it nothing back.
   */
  public void promote(Revision revision) {
    store.save(revision);
    if (isSuspended(revision.id())
        && current(revision.id()).filter(revision::hasAcceptanceOf).isPresent()) {
      letGo(Optional.ofNullable(current.put(revision.id(), revision)), Optional.of(revision));
    } else {
      serve(revision);
    }
  }

  /** Goes on serving a generation whose module passed other requirements than before. */
  public void verified(Revision revision, PreparedPolicy again, String trust) {
    if (current(revision.id()).filter(revision::equals).isPresent()) {
      serve(revision.verified(again, trust));
    }
  }

  /** Serves a generation no longer, but keeps it as the last good one. */
  public void suspend(Revision revision, Failure failure) {
    if (serving(revision.id()).filter(revision::equals).isPresent()) {
      LOG.warn("{} judges no more: {}", revision.id(), failure.message());
      registry.suspend(
          revision.id(),
          "policy %s judges no more, as its module no longer passes verification: %s"
              .formatted(revision.id(), failure.message()));
    }
  }

  /** Forgets a policy whose webhook configuration is gone. */
  public void remove(PolicyId id) {
    store.delete(id);
    letGo(Optional.ofNullable(current.remove(id)), Optional.empty());
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
   * that cannot be had any more is left to the ordinary preparation. One whose module does not pass
   * what is required now is served all the same, unless the PolicyServer wants it rejected.
   */
  public void restore(PolicyPreparer preparer, Trust trust) {
    var keep = trust.settings().onLoss() == VerificationLoss.KEEP;
    for (var kept : store.load()) {
      var restored =
          trust.unusable().isPresent() && !keep
              ? new Outcome.Failed<Revision>(trust.unusable().get())
              : again(preparer, kept, trust, keep);
      switch (restored) {
        case Outcome.Done<Revision>(var revision) -> {
          serve(revision);
          LOG.info("Serving {} generation {} as before", kept.id(), kept.generation());
        }
        case Outcome.Failed<Revision>(var failure) ->
            LOG.warn(
                "{} generation {} cannot be served as before: {}",
                kept.id(),
                kept.generation(),
                failure.message());
      }
    }
  }

  private Outcome<Revision> again(PolicyPreparer preparer, Kept kept, Trust trust, boolean keep) {
    var settings = trust.settings();
    var budget = budgets.grantAgain(kept.spec(), kept.asked());
    var request =
        new PreparationRequest(
            kept.spec().module(),
            kept.spec().settings(),
            budget,
            Optional.of(kept.pinned()),
            new Requirement(settings.required(), keep),
            kept.id().value(),
            PolicyGrants.of(kept.spec()));
    return preparer
        .prepare(request, _ -> {})
        .map(
            prepared ->
                new Revision(
                    kept.id(),
                    kept.uid(),
                    kept.generation(),
                    kept.spec(),
                    kept.asked(),
                    budget,
                    prepared,
                    trustOf(prepared, trust)));
  }

  private static String trustOf(PreparedPolicy prepared, Trust trust) {
    var settings = trust.settings();
    var forgiven = settings.required().isPresent() && prepared.verification().isEmpty();
    return forgiven || trust.unusable().isPresent() ? Revision.UNKNOWN_TRUST : settings.trust();
  }

  private void serve(Revision revision) {
    var former = Optional.ofNullable(current.put(revision.id(), revision));
    registry.publish(revision.served());
    letGo(former, Optional.of(revision));
  }

  /** What a former generation read of the cluster need not be kept for it. */
  private static void letGo(Optional<Revision> former, Optional<Revision> next) {
    former
        .map(revision -> revision.prepared().access())
        .filter(access -> next.filter(one -> one.prepared().access().equals(access)).isEmpty())
        .ifPresent(HostAccess::close);
  }

  @Override
  public void close() {
    lingering.shutdownNow();
  }
}
