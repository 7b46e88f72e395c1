package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.reference.Digest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at any moment of its work, the operator ends up where it would have without that. */
final class CrashE2E {
  private static final String WARDER = "warder-system";
  private static final String NAMESPACE = "crash";
  private static final String LABEL = "warder.dev/crash";
  private static final List<Integer> ALL = IntStream.range(0, 10).boxed().toList();
  private static final List<Integer> KEPT = ALL.subList(0, 5);
  private static final List<Integer> DELETED_ALIVE = ALL.subList(5, 8);
  private static final List<Integer> DELETED_DEAD = ALL.subList(8, 10);
  private static final int ROUNDS = 2;
  private static final int KILLS = 3;

  /** About as many log lines and changes in the cluster as preparing or deleting makes. */
  private static final int MOMENTS_OF_PREPARATION = 120;

  private static final int MOMENTS_OF_DELETION = 12;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final long seed = Long.getLong("warder.crash.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private @TempDir Path folder;
  private ControlPlane controlPlane;
  private KubernetesClient client;
  private Path kubeconfig;

  @BeforeEach
  void startCluster() throws IOException {
    System.out.println("CrashE2E: -Dwarder.crash.seed=" + seed);
    controlPlane = ControlPlane.start(ControlPlaneOptions.defaults(), System.out::println);
    kubectl("apply", "--server-side", "-f", Program.checkout().resolve("config/crd").toString());
    kubectl("apply", "-k", Program.checkout().resolve("config/rbac").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all");
    controlPlane.createNamespace(NAMESPACE);
    kubeconfig = controlPlane.kubeconfigFor(controlPlane.tokenFor(WARDER, "warder"), "warder");
    var config = Config.fromKubeconfig(Files.readString(controlPlane.kubeconfig()));
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stopCluster() {
    client.close();
    controlPlane.close();
  }

  @Test
  void killedAtRandomMomentsItServesEachPolicyOnce() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var store = folder.resolve("store-" + round);
      apply(ALL);
      for (var kill = 0; kill < KILLS; kill++) {
        try (var operator = OperatorProcess.start(kubeconfig, store)) {
          runUntilKilled(operator, MOMENTS_OF_PREPARATION, () -> {}, () -> isReady(ALL));
        }
      }
      try (var operator = OperatorProcess.start(kubeconfig, store)) {
        awaitThat(operator, () -> isReady(ALL));
        assertEachIsServedOnce(ALL);
        assertThat(modules(store)).isEqualTo(ALL.size());
        runUntilKilled(
            operator,
            MOMENTS_OF_DELETION,
            () -> delete(DELETED_ALIVE),
            () -> policies().size() == ALL.size() - DELETED_ALIVE.size());
      }
      delete(DELETED_DEAD);
      try (var operator = OperatorProcess.start(kubeconfig, store)) {
        awaitThat(operator, () -> policies().size() == KEPT.size() && isReady(KEPT));
        assertEachIsServedOnce(KEPT);
        delete(KEPT);
        awaitThat(operator, () -> policies().isEmpty());
        assertEachIsServedOnce(List.of());
      }
    }
  }

  /** Ends at a random moment, or when there is nothing left to do. */
  private void runUntilKilled(
      OperatorProcess operator, int moments, Runnable work, Callable<Boolean> done)
      throws Exception {
    var moment = 1 + random.nextInt(moments);
    try (var killer =
        Killer.of(operator, moment)
            .watching(client.resources(ClusterAdmissionPolicy.class))
            .watching(client.resources(ConfigMap.class).inNamespace(WARDER))
            .watching(client.resources(ValidatingWebhookConfiguration.class))) {
      work.run();
      awaitThat(operator, () -> !operator.isAlive() || done.call());
      System.out.println(
          "CrashE2E: moment %d of %d, %s"
              .formatted(moment, moments, killer.hasStruck() ? "killed" : "all was done before"));
      assertThat(killer.hasStruck() || operator.isAlive()).as(operator.log()).isTrue();
    }
  }

  private static void awaitThat(OperatorProcess operator, Callable<Boolean> condition) {
    try {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(operator.log(), e);
    }
  }

  private void assertEachIsServedOnce(List<Integer> numbers) throws Exception {
    var ids = numbers.stream().map(number -> "kw.cap." + name(number)).toList();
    assertThat(names(client.resources(ValidatingWebhookConfiguration.class).list().getItems()))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(client.resources(MutatingWebhookConfiguration.class).list().getItems()).isEmpty();
    var kept =
        client
            .configMaps()
            .inNamespace(WARDER)
            .withLabel("app.kubernetes.io/managed-by", "warder")
            .list()
            .getItems();
    assertThat(names(kept)).containsExactlyInAnyOrderElementsOf(ids);
    var maps = kept.stream().collect(Collectors.toMap(map -> map.getMetadata().getName(), m -> m));
    for (var number : numbers) {
      var policy = client.resources(ClusterAdmissionPolicy.class).withName(name(number)).get();
      assertThat(policy.getMetadata().getFinalizers())
          .containsExactly("policies.warder.dev/webhook");
      assertThat(policy.getStatus().servingGeneration()).isEqualTo(1);
      assertKept(Objects.requireNonNull(maps.get("kw.cap." + name(number))), policy, number);
      assertVerdicts(number);
    }
  }

  private static void assertKept(ConfigMap map, ClusterAdmissionPolicy policy, int number)
      throws IOException {
    assertThat(map.getData())
        .containsEntry("uid", policy.getMetadata().getUid())
        .containsEntry("generation", "1")
        .containsEntry("digest", Digest.of(module(number)).toString())
        .hasEntrySatisfying("spec", spec -> assertThat(spec).contains(allowed(number)));
    var module = Objects.requireNonNull(policy.getStatus().module());
    assertThat(module.digest()).isEqualTo(Digest.of(module(number)).toString());
  }

  private void assertVerdicts(int number) {
    // The API server learns the port of a restarted operator a moment later.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ask(number, "registry.example/app:latest"))
                    .contains(
                        "\"kw.cap.%s.kubewarden.admission\" denied the request"
                            .formatted(name(number))));
    assertThat(ask(number, allowed(number) + "app:latest")).isEqualTo("admitted");
    assertThat(ask(number, allowed(number + 1) + "app:latest")).contains("denied the request");
  }

  private String ask(int number, String image) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("asked")
            .withNamespace(NAMESPACE)
            .withLabels(Map.of(LABEL, name(number)))
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("app")
            .withImage(image)
            .endContainer()
            .endSpec()
            .build();
    try {
      client.resource(pod).dryRun().create();
      return "admitted";
    } catch (KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void apply(List<Integer> numbers) throws IOException {
    var manifests = new ArrayList<String>();
    for (var number : numbers) {
      var file = folder.resolve(name(number) + ".wasm");
      Files.write(file, module(number));
      manifests.add(
          """
          apiVersion: policies.kubewarden.io/v1
          kind: ClusterAdmissionPolicy
          metadata: {name: %1$s}
          spec:
            module: %2$s
            mutating: false
            rules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
            objectSelector: {matchLabels: {%3$s: %1$s}}
            settings: {allow: ["%4$s"]}
          """
              .formatted(name(number), file.toUri(), LABEL, allowed(number)));
    }
    var result =
        controlPlane.asAdmin().runWithInput(String.join("---\n", manifests), "apply", "-f", "-");
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
  }

  private void delete(List<Integer> numbers) {
    for (var number : numbers) {
      kubectl("delete", "clusteradmissionpolicy", name(number), "--wait=false");
    }
  }

  private List<ClusterAdmissionPolicy> policies() {
    return client.resources(ClusterAdmissionPolicy.class).list().getItems();
  }

  private boolean isReady(List<Integer> numbers) {
    return names(policies().stream().filter(CrashE2E::isReady).toList())
        .containsAll(numbers.stream().map(CrashE2E::name).toList());
  }

  private static boolean isReady(ClusterAdmissionPolicy policy) {
    return policy.getStatus() != null
        && Objects.requireNonNull(policy.getStatus().conditions()).stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  private void kubectl(String... arguments) {
    var result = controlPlane.asAdmin().run(arguments);
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
  }

  private static List<String> names(List<? extends HasMetadata> objects) {
    return objects.stream().map(object -> object.getMetadata().getName()).toList();
  }

  private static long modules(Path store) throws IOException {
    try (var files = Files.walk(store.resolve("sha256"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  /** The sample in bytes of its own for each policy, so that each has to be compiled. */
  private static byte[] module(int number) throws IOException {
    var sample =
        Files.readAllBytes(Program.checkout().resolve("samples/no-latest-tag/policy.wasm"));
    return done(
        PolicyMetadataReader.parseYaml(
                Files.readString(
                        Program.checkout().resolve("samples/no-latest-tag/metadata.yml"),
                        StandardCharsets.UTF_8)
                    .replace("title: no-latest-tag", "title: " + name(number)))
            .then(metadata -> MetadataWriter.annotate(sample, metadata)));
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var failure) -> throw new AssertionError(failure.message());
    };
  }

  private static String name(int number) {
    return "p" + number;
  }

  private static String allowed(int number) {
    return "registry.example/team" + number + "/";
  }
}
