package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Policies from registries: a real one, and one that misbehaves. */
@ExtendWith(Cluster.Extension.class)
class RegistryIT {
  private static final String NAMESPACE = "registry";
  private static final String REPOSITORY = "policies/no-latest-tag";
  private static final FetchLimits BRIEF =
      new FetchLimits(
          1 << 20, 1 << 16, 5, Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(4));

  private final Cluster cluster;
  private final Requests requests;
  private final List<Warder> running = new ArrayList<>();
  private @TempDir Path store;
  private @TempDir Path folder;

  RegistryIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
    cluster.controlPlane().createNamespace(NAMESPACE);
  }

  @AfterEach
  void stop() {
    running.getLast().deleteAll();
    running.forEach(Warder::close);
    requests.close();
  }

  @Test
  void modulesComeByTagByDigestAndByBoth() {
    try (var registry = OciRegistry.start(folder)) {
      var manifest = registry.push(REPOSITORY, "v1", Modules.good());
      var name = registry.host() + "/" + REPOSITORY;
      var warder = start(store, FetchLimits.defaults(), registry.host());
      cluster.apply(policy("by-tag", "registry://" + name + ":v1"));
      cluster.apply(policy("by-digest", "registry://" + name + "@" + manifest));
      cluster.apply(policy("by-both", name + ":v1@" + manifest));

      assertThat(reference(warder.awaitReady("by-tag")))
          .isEqualTo("registry://" + name + ":v1@" + manifest);
      assertThat(reference(warder.awaitReady("by-digest")))
          .isEqualTo("registry://" + name + "@" + manifest);
      assertThat(reference(warder.awaitReady("by-both")))
          .isEqualTo("registry://" + name + ":v1@" + manifest);
      for (var policy : List.of("by-tag", "by-digest", "by-both")) {
        assertThat(digest(cluster.policy(policy))).isEqualTo(Digest.of(Modules.good()).toString());
      }
      assertThat(requests.pod(NAMESPACE, "registry.example/app:latest"))
          .isInstanceOf(Judgement.Refused.class);
    }
  }

  @Test
  void aMovedTagChangesNothing(@TempDir Path emptyStore) {
    try (var registry = OciRegistry.start(folder)) {
      registry.push(REPOSITORY, "v1", Modules.good());
      var first = start(store, FetchLimits.defaults(), registry.host());
      cluster.apply(policy("moved", registry.host() + "/" + REPOSITORY + ":v1"));
      var before = first.awaitReady("moved").getStatus();

      registry.push(REPOSITORY, "v1", acceptsEverything());
      first.close();
      var second = start(store, FetchLimits.defaults(), registry.host());
      awaitRefusal("moved");
      second.close();
      // Nothing in the store: the module must come from the registry, where the tag has moved.
      start(emptyStore, FetchLimits.defaults(), registry.host());
      awaitRefusal("moved");

      assertThat(cluster.policy("moved").getStatus()).isEqualTo(before);
    }
  }

  @Test
  void aRestartNeedsNoRegistry() {
    var registry = OciRegistry.start(folder);
    try (registry) {
      registry.push(REPOSITORY, "v1", Modules.good());
      var first = start(store, FetchLimits.defaults(), registry.host());
      cluster.apply(policy("stored", registry.host() + "/" + REPOSITORY + ":v1"));
      first.awaitReady("stored");
      first.close();
    }

    start(store, FetchLimits.defaults(), registry.host());

    awaitRefusal("stored");
    assertThat(Warder.is(cluster.policy("stored"), "Ready", "True")).isTrue();
  }

  @Test
  void aTagThatMovesBetweenTwoReadsIsReadOnce(@TempDir Path emptyStore) {
    try (var registry = FaultyRegistry.start()) {
      var manifest = registry.push(REPOSITORY, "v1", Modules.good());
      registry.push(REPOSITORY, "other", acceptsEverything());
      var path = FaultyRegistry.manifest(REPOSITORY, "v1");
      var reads = new AtomicInteger();
      var honest = manifest(Modules.good());
      var forged = manifest(acceptsEverything());
      registry.fault(
          path,
          connection ->
              Answer.ok(FaultyRegistry.MANIFEST, reads.getAndIncrement() == 0 ? honest : forged)
                  .send(connection));
      var first = start(store, FetchLimits.defaults(), registry.host());
      cluster.apply(policy("two-faced", registry.reference(REPOSITORY, "v1")));

      var policy = first.awaitReady("two-faced");

      assertThat(reference(policy)).endsWith("@" + manifest);
      assertThat(digest(policy)).isEqualTo(Digest.of(Modules.good()).toString());
      first.close();
      start(emptyStore, FetchLimits.defaults(), registry.host());
      awaitRefusal("two-faced");
      assertThat(reads).hasValue(1);
    }
  }

  @Test
  void eachFaultOfARegistryHasItsReason() {
    try (var registry = FaultyRegistry.start()) {
      var faults =
          Map.of(
              "wrong-layer",
              new Fault(blob("wrong-layer"), wasm(forged()), Reason.ModuleDigestMismatch),
              "wrong-manifest",
              new Fault(tag("wrong-manifest"), announcedWrongly(), Reason.ModuleDigestMismatch),
              "endless-layer",
              new Fault(blob("endless-layer"), Answer.endless(200), Reason.ModuleDigestMismatch),
              "endless-manifest",
              new Fault(tag("endless-manifest"), Answer.endless(200), Reason.ModuleTooLarge),
              "redirect-to-file",
              new Fault(
                  blob("redirect-to-file"),
                  Answer.redirect("file:///etc/passwd"),
                  Reason.ModuleSourceForbidden),
              "redirected-tag",
              new Fault(
                  tag("redirected-tag"),
                  Answer.redirect("file:///etc/passwd"),
                  Reason.ModuleSourceForbidden),
              "slow-drip",
              new Fault(
                  blob("slow-drip"),
                  Answer.drip(Modules.good(), Duration.ofMillis(100)),
                  Reason.ModuleFetchTimeout),
              "truncated",
              new Fault(
                  blob("truncated"),
                  Answer.truncated(Modules.good()),
                  Reason.ModuleSourceUnreachable));
      faults.forEach(
          (name, fault) -> {
            registry.push(name, "v1", Modules.good());
            registry.fault(fault.path(), fault.answer());
          });
      var warder = start(store, BRIEF, registry.host());
      cluster.apply(
          faults.keySet().stream()
              .map(name -> policy(name, registry.reference(name, "v1")))
              .collect(Collectors.joining("---\n")));

      faults.forEach(
          (name, fault) -> {
            var failed =
                fault.reason().retryable() ? warder.awaitRetrying(name) : warder.awaitStalled(name);
            assertThat(failed.reason()).as(name).isEqualTo(fault.reason().name());
            assertThat(failed.message()).contains(registry.host()).doesNotContain("Exception");
          });
      assertThat(cluster.kubectl("get", "validatingwebhookconfigurations", "-o", "name")).isBlank();

      registry.heal();
      faults.forEach(
          (name, fault) -> {
            if (fault.reason().retryable()) {
              warder.awaitReady(name);
            }
          });
    }
  }

  private record Fault(String path, Answer answer, Reason reason) {}

  private static String blob(String repository) {
    return FaultyRegistry.blob(repository, Digest.of(Modules.good()));
  }

  private static String tag(String repository) {
    return FaultyRegistry.manifest(repository, "v1");
  }

  private static Answer wasm(byte[] module) {
    return Answer.ok("application/octet-stream", module);
  }

  private static byte[] forged() {
    var module = Modules.good();
    module[module.length - 1]++;
    return module;
  }

  private static Answer announcedWrongly() {
    return Answer.of(
        200,
        Map.of(
            "content-type",
            FaultyRegistry.MANIFEST,
            "docker-content-digest",
            Digest.of(acceptsEverything()).toString()),
        manifest(Modules.good()));
  }

  private static byte[] manifest(byte[] module) {
    return FaultyRegistry.imageManifest(
            FaultyRegistry.MODULE_LAYER, Digest.of(module).toString(), module.length)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] acceptsEverything() {
    return Modules.annotated(Modules.hostile("trap"), "pods", "accepts everything");
  }

  private Warder start(Path modules, FetchLimits limits, String insecure) {
    var warder = Warder.start(cluster, modules, limits, Set.of(insecure));
    running.add(warder);
    return warder;
  }

  /** A restarted Warder has another port, which the API server learns a moment later. */
  private void awaitRefusal(String policy) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> requests.pod(NAMESPACE, "registry.example/app:latest"),
            answer -> !(answer instanceof Judgement.Broken));
    assertThat(requests.pod(NAMESPACE, "registry.example/app:latest"))
        .matches(answer -> answer.refusedBy(policy));
    assertThat(requests.pod(NAMESPACE, "registry.example/app:1"))
        .isInstanceOf(Judgement.Admitted.class);
  }

  private static String reference(ClusterAdmissionPolicy policy) {
    return policy.getStatus().module().reference();
  }

  private static String digest(ClusterAdmissionPolicy policy) {
    return policy.getStatus().module().digest();
  }

  private static String policy(String name, String module) {
    return """
        apiVersion: policies.kubewarden.io/v1
        kind: ClusterAdmissionPolicy
        metadata: {name: %s}
        spec:
          module: %s
          mutating: false
          timeoutSeconds: 30
          rules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
        """
        .formatted(name, module, NAMESPACE);
  }
}
