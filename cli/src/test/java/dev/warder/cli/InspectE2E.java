package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.controlplane.Progress;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code warder inspect} says about policies of a cluster where the operator serves them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InspectE2E {
  private static final String WARDER = "warder-system";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Path folder;
  private ControlPlane cluster;
  private OperatorProcess operator;
  private Program.Result beforeInstallation;

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    folder = files;
    cluster = ControlPlane.start(ControlPlaneOptions.defaults(), Progress.silent());
    beforeInstallation = inspect("cap/labels");
    kubectl("apply", "--server-side", "-f", Program.checkout().resolve("config/crd").toString());
    kubectl("apply", "-k", Program.checkout().resolve("config/rbac").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all");
    operator =
        OperatorProcess.start(
            cluster.kubeconfigFor(cluster.tokenFor(WARDER, "warder"), "warder"),
            folder.resolve("store"));
    apply("labels", module("labels"));
    apply("gone", module("gone"));
    apply("absent", folder.resolve("absent.wasm"));
    awaitReady("labels", "True");
    awaitReady("gone", "True");
    awaitReady("absent", "False");
    Files.delete(folder.resolve("gone.wasm"));
  }

  @AfterAll
  void stop() {
    operator.close();
    cluster.close();
  }

  private Path module(String name) throws IOException {
    return Files.copy(
        Program.checkout().resolve("samples/required-labels/policy.wasm"),
        folder.resolve(name + ".wasm"));
  }

  private void apply(String name, Path module) {
    var manifest =
        """
        apiVersion: policies.kubewarden.io/v1
        kind: ClusterAdmissionPolicy
        metadata: {name: %s}
        spec:
          module: %s
          mutating: false
          rules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
          namespaceSelector: {matchLabels: {inspect: enabled}}
          contextAwareResources: [{apiVersion: v1, kind: Namespace}]
          settings: {labels: {owner: ""}}
        """
            .formatted(name, module.toUri());
    var result = cluster.asAdmin().runWithInput(manifest, "apply", "-f", "-");
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
  }

  private void awaitReady(String name, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        cluster
                            .asAdmin()
                            .run(
                                "get",
                                "cap",
                                name,
                                "-o",
                                "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
                            .stdout())
                    .as(operator.log())
                    .isEqualTo(status));
  }

  private void kubectl(String... arguments) {
    var result = cluster.asAdmin().run(arguments);
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
  }

  private Program.Result inspect(String... arguments) throws IOException, InterruptedException {
    return inspectBy(cluster.kubeconfig(), arguments);
  }

  private Program.Result inspectBy(Path kubeconfig, String... arguments)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("inspect"));
    line.addAll(List.of(arguments));
    line.addAll(
        List.of(
            "--kubeconfig",
            kubeconfig.toString(),
            "--store",
            folder.resolve("store-of-inspect").toString()));
    return Program.warder().run(line.toArray(String[]::new));
  }

  private static void assertFails(Program.Result result, String... words) {
    assertThat(result.exitCode()).isOne();
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().lines())
        .singleElement()
        .asString()
        .startsWith("Error: ")
        .contains(words);
  }

  @Test
  void aReadyPolicyForPeople() throws Exception {
    var result = inspect("cap/labels");

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout())
        .startsWith("Policy             labels\n")
        .contains(
            "Wanted module      " + folder.resolve("labels.wasm").toUri(),
            "Serving            generation 1 of 1\n",
            "Mode               protect\n",
            "May read           v1/Namespace\n",
            "Execution mode     wasi\n",
            "CREATE, UPDATE of pods, services in core v1")
        .containsPattern("(?m)^  Ready +True +PolicyEnforced: ")
        .doesNotContain("null", "Missing");
    assertThat(inspect("clusteradmissionpolicy/labels", "--output", "text").stdout())
        .isEqualTo(result.stdout());
  }

  @Test
  void aReadyPolicyForPrograms() throws Exception {
    var json = inspect("clusteradmissionpolicy/labels", "--output", "json");
    var yaml = inspect("cap/labels", "-o", "yaml");

    assertThat(json.exitCode()).as(json.stderr()).isZero();
    assertThat(yaml.exitCode()).as(yaml.stderr()).isZero();
    assertThat(json.stderr() + yaml.stderr()).isEmpty();
    var found = new JsonMapper().readTree(json.stdout());
    assertThat(new YAMLMapper().readTree(yaml.stdout())).isEqualTo(found);
    assertThat(found.path("policy").asText()).isEqualTo("labels");
    assertThat(found.path("generation").intValue()).isOne();
    assertThat(found.path("servingGeneration").intValue()).isOne();
    assertThat(found.path("mode").asText()).isEqualTo("protect");
    assertThat(found.at("/module/digest").asText())
        .isEqualTo(Digest.of(Files.readAllBytes(folder.resolve("labels.wasm"))).toString());
    assertThat(found.at("/granted/0/kind").asText()).isEqualTo("Namespace");
    assertThat(ready(found).path("status").asText()).isEqualTo("True");
    assertThat(ready(found).path("reason").asText()).isEqualTo("PolicyEnforced");
    assertThat(found.at("/metadata/executionMode").asText()).isEqualTo("wasi");
  }

  private static JsonNode ready(JsonNode found) {
    for (var condition : found.path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition;
      }
    }
    throw new AssertionError("no condition Ready: " + found);
  }

  @Test
  void aModuleThatOnlyTheClusterHasIsAWarning() throws Exception {
    var text = inspect("cap/gone");
    assertThat(text.exitCode()).isZero();
    assertThat(text.stdout()).contains("Serving            generation 1 of 1\n");
    assertThat(text.stderr().lines())
        .singleElement()
        .asString()
        .startsWith("Warning: the module's metadata cannot be shown: ")
        .contains("gone.wasm");

    var json = inspect("cap/gone", "--output", "json");
    assertThat(json.exitCode()).isZero();
    assertThat(new JsonMapper().readTree(json.stdout()).path("metadata").isNull()).isTrue();
  }

  @Test
  void aPolicyThatIsNotServedTellsWhy() throws Exception {
    var text = inspect("cap/absent");
    assertThat(text.exitCode()).isZero();
    assertThat(text.stdout())
        .contains("Serving            nothing\n")
        .containsPattern("(?m)^  Ready +False +ModuleNotFound: .*absent\\.wasm");
    assertThat(text.stderr()).isEmpty();

    var json = new JsonMapper().readTree(inspect("cap/absent", "--output", "json").stdout());
    assertThat(json.path("servingGeneration").isNull()).isTrue();
    assertThat(ready(json).path("status").asText()).isEqualTo("False");
  }

  @Test
  void aPolicyThatIsNotThereIsOneLine() throws Exception {
    for (var format : List.of("table", "json", "yaml")) {
      assertFails(
          inspect("cap/nobody", "--output", format),
          "there is no ClusterAdmissionPolicy nobody in the cluster",
          "kubectl get cap");
    }
  }

  @Test
  void aClusterWithoutTheCustomResourceSaysWhatToDo() {
    assertFails(
        beforeInstallation,
        "the cluster does not know ClusterAdmissionPolicy",
        "kubectl apply --server-side -f config/crd");
  }

  @Test
  void whoMayNotReadPoliciesIsToldSo() throws Exception {
    cluster.createNamespace("strangers");
    cluster.createServiceAccount("strangers", "stranger");
    var stranger = cluster.kubeconfigFor(cluster.tokenFor("strangers", "stranger"), "stranger");
    assertFails(
        inspectBy(stranger, "cap/labels"),
        cluster.server().toString(),
        "is forbidden: User \"system:serviceaccount:strangers:stranger\" cannot get");
    assertFails(inspectBy(stranger, "cap/nobody"), "is forbidden");
  }

  @Test
  void aClusterThatIsNotThereIsToldSoon() throws Exception {
    var down =
        Files.writeString(
            folder.resolve("down.kubeconfig"),
            Files.readString(cluster.kubeconfig())
                .replace(cluster.server().toString(), "https://127.0.0.1:1"));
    var line = new String[] {"inspect", "cap/labels", "--kubeconfig", down.toString()};
    assertFails(
        Program.warder().run(Duration.ofSeconds(40), line),
        "the cluster at https://127.0.0.1:1/ cannot be asked: ",
        "onnect");
  }

  @Test
  void aContextThatIsNotThereIsNotAnotherOne() throws Exception {
    assertFails(inspect("cap/labels", "--context", "nowhere"), "--context", "nowhere");
    var environment = Map.of("KUBECONFIG", cluster.kubeconfig().toString());
    var warder = new Program(Program.warder().script(), Program.checkout(), environment);
    assertFails(
        warder.run("inspect", "cap/labels", "--context", "nowhere"), "--context", "nowhere");
    assertThat(warder.run("inspect", "cap/labels", "-o", "json").exitCode()).isZero();
  }
}
