package dev.warder.operator.policyserver;

import dev.warder.crd.PolicyServer;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationLoss;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the PolicyServer of the instance's name and the Secrets and ConfigMaps that it names, so
 * that a rotated credential or another signer needs no restart.
 */
public final class PolicyServerWatch implements Supplier<Trust>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyServerWatch.class);

  /** Changes that come together are taken together. */
  private static final Duration CALM = Duration.ofMillis(200);

  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("policy-server").factory());
  private final AtomicBoolean planned = new AtomicBoolean();
  private final List<Consumer<Trust>> listeners = new CopyOnWriteArrayList<>();
  private final PolicyServerStatuses statuses;
  private final SettingsReader reader;
  private final Optional<Watched> watched;
  private volatile Trust trust;

  /** What the settings were made of; after the start only the worker's. */
  private List<Object> known;

  private PolicyServerWatch(
      KubernetesClient client,
      Clock clock,
      String instance,
      String namespace,
      Sources base,
      Supplier<TrustRoot> publicRoot) {
    statuses = new PolicyServerStatuses(client, clock);
    // An event that comes before the first look is one look too many, no more.
    planned.set(true);
    watched =
        isKnown(client)
            ? Optional.of(Watched.start(client, instance, namespace, this::plan))
            : Optional.empty();
    reader =
        new SettingsReader(
            base,
            namespace,
            name -> watched.flatMap(all -> all.secret(name)),
            name -> watched.flatMap(all -> all.configMap(name)),
            publicRoot);
    known = reader.inputs(server());
    trust = read(server(), () -> first(base));
    planned.set(false);
    plan();
  }

  /**
   * Starts to follow; the settings of this moment are known when it returns.
   *
   * @param base what the instance was started with
   * @param publicRoot that of Sigstore's public instance; see {@link #lookAgain}
   */
  public static PolicyServerWatch start(
      KubernetesClient client,
      Clock clock,
      String instance,
      String namespace,
      Sources base,
      Supplier<TrustRoot> publicRoot) {
    return new PolicyServerWatch(client, clock, instance, namespace, base, publicRoot);
  }

  private static boolean isKnown(KubernetesClient client) {
    try {
      client.resources(PolicyServer.class).list(new ListOptionsBuilder().withLimit(1L).build());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      LOG.warn(
          "The cluster does not know PolicyServer, so no signatures are required until Warder is"
              + " restarted after: kubectl apply --server-side -f config/crd");
      return false;
    }
  }

  @Override
  public Trust get() {
    return trust;
  }

  /** Calls the listener after each change, on this watch's thread. */
  public void onChange(Consumer<Trust> listener) {
    listeners.add(listener);
  }

  /** To be called when the public trust root has changed. */
  public void lookAgain() {
    plan();
  }

  private Optional<PolicyServer> server() {
    return watched.flatMap(Watched::server);
  }

  /** What follows from the objects of this moment; the former settings if they cannot be used. */
  private Trust read(Optional<PolicyServer> server, Supplier<InstanceSettings> former) {
    return switch (reader.read(server)) {
      case Outcome.Done<InstanceSettings>(var settings) -> new Trust(settings, Optional.empty());
      case Outcome.Failed<InstanceSettings>(var failure) ->
          new Trust(former.get(), Optional.of(failure));
    };
  }

  /** Before any settings could be used there is nothing good to fall back to. */
  private InstanceSettings first(Sources base) {
    return new InstanceSettings(
        base,
        Optional.empty(),
        server().map(PolicyServerWatch::onLoss).orElse(VerificationLoss.KEEP));
  }

  private static VerificationLoss onLoss(PolicyServer server) {
    return switch (SettingsReader.onLoss(server)) {
      case Outcome.Done<VerificationLoss>(var loss) -> loss;
      case Outcome.Failed<VerificationLoss> _ -> VerificationLoss.REJECT;
    };
  }

  private void plan() {
    if (planned.compareAndSet(false, true)) {
      planIn(CALM);
    }
  }

  private void planIn(Duration time) {
    try {
      var _ = worker.schedule(this::look, time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The watch is being closed");
    }
  }

  private void look() {
    planned.set(false);
    try {
      var server = server();
      var inputs = reader.inputs(server);
      if (!inputs.equals(known)) {
        change(server);
        known = inputs;
      }
      server.ifPresent(present -> statuses.write(present, trust.unusable()));
    } catch (RuntimeException e) {
      LOG.warn("Following the PolicyServer failed, again in {} s", RETRY.toSeconds(), e);
      if (planned.compareAndSet(false, true)) {
        planIn(RETRY);
      }
    }
  }

  private void change(Optional<PolicyServer> server) {
    var now = read(server, () -> trust.settings());
    now.unusable()
        .ifPresentOrElse(
            failure -> LOG.warn("The settings cannot be used: {}", failure.message()),
            () -> LOG.info("The settings changed"));
    trust = now;
    listeners.forEach(listener -> listener.accept(now));
  }

  @Override
  public void close() {
    watched.ifPresent(Watched::close);
    worker.shutdownNow();
  }
}
