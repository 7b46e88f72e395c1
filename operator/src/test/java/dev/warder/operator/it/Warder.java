package dev.warder.operator.it;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.ModuleVerification;
import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyStatus;
import dev.warder.operator.ContextSettings;
import dev.warder.operator.OperatorConfig;
import dev.warder.operator.OperatorRuntime;
import dev.warder.operator.RetryDelays;
import dev.warder.operator.WebhookEndpoint;
import dev.warder.operator.budget.BudgetRange;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.tuf.TrustRootSource;
import dev.warder.policy.wasi.ProgramStorage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A running Warder, under its own account, and what a test asks of it. */
final class Warder implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Cluster cluster;
  private final KubernetesClient client;
  private final OperatorRuntime runtime;

  private Warder(Cluster cluster, KubernetesClient client, OperatorRuntime runtime) {
    this.cluster = cluster;
    this.client = client;
    this.runtime = runtime;
  }

  static Warder start(Cluster cluster, Path store) {
    return start(cluster, store, FetchLimits.defaults(), Set.of());
  }

  static Warder start(
      Cluster cluster, Path store, FetchLimits limits, Set<String> insecureSources) {
    return start(cluster, store, limits, insecureSources, "127.0.0.1");
  }

  /**
   * @param host how the API server is told to call Warder
   */
  static Warder start(
      Cluster cluster, Path store, FetchLimits limits, Set<String> insecureSources, String host) {
    return start(cluster, store, limits, insecureSources, host, Optional.empty());
  }

  static Warder start(
      Cluster cluster,
      Path store,
      FetchLimits limits,
      Set<String> insecureSources,
      String host,
      Optional<TrustRootSource> trustRoot) {
    var client = cluster.warderClient();
    var config =
        new OperatorConfig(
            "default",
            Cluster.NAMESPACE,
            new WebhookEndpoint.Url(host),
            "127.0.0.1",
            0,
            0,
            store,
            ProgramStorage.in(store),
            limits,
            Sources.none().withInsecureHosts(insecureSources),
            trustRoot,
            BudgetRange.defaults(),
            2,
            256,
            Duration.ZERO,
            new RetryDelays(Duration.ofMillis(500), Duration.ofSeconds(2)),
            ContextSettings.defaults(Cluster.NAMESPACE));
    return switch (OperatorRuntime.start(config, client)) {
      case Outcome.Done<OperatorRuntime>(var runtime) -> new Warder(cluster, client, runtime);
      case Outcome.Failed<OperatorRuntime>(var failure) -> {
        client.close();
        throw new AssertionError(failure.toString());
      }
    };
  }

  OperatorRuntime runtime() {
    return runtime;
  }

  /** Waits until the present generation is served. */
  ClusterAdmissionPolicy awaitReady(String policy) {
    return await(policy, p -> is(p, "Ready", "True"));
  }

  /** Waits until the present generation failed, for whatever reason. */
  PolicyCondition awaitFailed(String policy) {
    return condition(await(policy, p -> is(p, "Ready", "False")), "Ready").orElseThrow();
  }

  /** Waits until the present generation is in an end state of failure. */
  PolicyCondition awaitStalled(String policy) {
    return condition(await(policy, p -> is(p, "Stalled", "True")), "Stalled").orElseThrow();
  }

  /** Waits until the present generation failed for a reason that may pass. */
  PolicyCondition awaitRetrying(String policy) {
    var seen = await(policy, p -> is(p, "Ready", "False") && is(p, "Reconciling", "True"));
    return condition(seen, "Reconciling").orElseThrow();
  }

  /** Waits until the status speaks of the present generation and fits. */
  ClusterAdmissionPolicy await(String policy, Predicate<ClusterAdmissionPolicy> fits) {
    return eventually("policy " + policy)
        .until(() -> cluster.policy(policy), p -> observed(p) && fits.test(p));
  }

  /** Waits for what must come true, for long enough on a very busy machine. */
  static ConditionFactory eventually(String what) {
    return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
  }

  /** Deletes all policies and waits until they are gone. */
  void deleteAll() {
    cluster.kubectl("delete", "clusteradmissionpolicies", "--all", "--timeout=60s");
  }

  static Optional<PolicyCondition> condition(ClusterAdmissionPolicy policy, String type) {
    return Optional.ofNullable(policy.getStatus()).map(PolicyStatus::conditions).stream()
        .flatMap(java.util.List::stream)
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }

  static boolean is(ClusterAdmissionPolicy policy, String type, String status) {
    return condition(policy, type).filter(c -> c.status().equals(status)).isPresent();
  }

  /** What the status says of the module's signatures. */
  static ModuleVerification verification(ClusterAdmissionPolicy policy) {
    return Optional.ofNullable(policy.getStatus().module().verification()).orElseThrow();
  }

  private static boolean observed(ClusterAdmissionPolicy policy) {
    return policy.getStatus() != null
        && policy.getMetadata().getGeneration().equals(policy.getStatus().observedGeneration());
  }

  @Override
  public void close() {
    runtime.close();
    client.close();
  }
}
