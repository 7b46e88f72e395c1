package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.controlplane.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A policy that reads the cluster, as its author tries it: live, recorded, and from the record. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostCallsE2E {
  private static final Path SAMPLE = Program.checkout().resolve("samples/team-label");

  private ControlPlane cluster;
  private @TempDir Path folder;

  @BeforeAll
  void start() {
    cluster = ControlPlane.start(ControlPlaneOptions.defaults(), Progress.silent());
    cluster.createNamespace("shop");
    assertThat(cluster.asAdmin().run("label", "namespace", "shop", "team=a").isSuccess()).isTrue();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void whatIsRecordedOnAClusterIsReplayedWithoutOne() throws Exception {
    var record = folder.resolve("calls.yaml");
    var live =
        run(
            "same-team",
            "--kubeconfig",
            cluster.kubeconfig().toString(),
            "--record-host-calls",
            record.toString());
    assertThat(live.path("allowed").booleanValue()).as(live.toString()).isTrue();
    assertThat(Files.readString(record)).contains("!KubernetesGetResource").contains("name: shop");

    assertThat(run("same-team", "--replay-host-calls", record.toString())).isEqualTo(live);
    var other = run("other-team", "--replay-host-calls", record.toString());
    assertThat(other.path("allowed").booleanValue()).as(other.toString()).isFalse();
  }

  @Test
  void nothingIsReadThatWasNotAllowed() throws Exception {
    var denied = run("same-team");
    assertThat(denied.path("allowed").booleanValue()).isFalse();
    assertThat(denied.path("status").path("message").asText())
        .contains("has not been granted access to Kubernetes v1/Namespace resources");

    var capability =
        run(
            "same-team",
            "--kubeconfig",
            cluster.kubeconfig().toString(),
            "--allowed-host-capabilities",
            "oci/*");
    assertThat(capability.path("status").path("message").asText())
        .contains("has not been granted access to the \"kubernetes/get_resource\" host capability");
  }

  @Test
  void aManifestRunsAsItIsInstalled() throws Exception {
    var manifest = folder.resolve("policies.yaml");
    var policy =
        Files.readString(SAMPLE.resolve("policy.yaml"))
            .replaceAll(
                "module: registry://\\S+", "module: " + SAMPLE.resolve("policy.wasm").toUri());
    Files.writeString(
        manifest,
        policy
            + "---\n"
            + policy
                .replace("name: team-label", "name: reads-nothing")
                .replaceAll("(?s)  contextAwareResources:.*?kind: Namespace\n", ""));

    var result =
        warder(
            "run",
            manifest.toString(),
            "-r",
            SAMPLE.resolve("requests/same-team.json").toString(),
            "--kubeconfig",
            cluster.kubeconfig().toString());

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    var lines = result.stdout().lines().toList();
    assertThat(lines).hasSize(2);
    var first = new JsonMapper().readTree(lines.get(0));
    var second = new JsonMapper().readTree(lines.get(1));
    assertThat(first.path("policy").asText()).isEqualTo("team-label");
    assertThat(first.path("response").path("allowed").booleanValue()).isTrue();
    assertThat(second.path("policy").asText()).isEqualTo("reads-nothing");
    assertThat(second.path("response").path("allowed").booleanValue()).isFalse();

    var wrong = warder("run", manifest.toString(), "-r", "x.json", "--settings-json", "{}");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.stderr()).contains("manifests have settings of their own");
  }

  @Test
  void casesOfTheSamplesPass() throws Exception {
    for (var sample : List.of("team-label", "unique-ingress-hosts")) {
      var result =
          warder("test", Program.checkout().resolve("samples/" + sample + "/tests").toString());
      assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
    }
  }

  private static JsonNode run(String request, String... options)
      throws IOException, InterruptedException {
    var line =
        new ArrayList<>(
            List.of(
                "run",
                SAMPLE.resolve("policy.wasm").toString(),
                "-r",
                SAMPLE.resolve("requests/" + request + ".json").toString(),
                "-s",
                SAMPLE.resolve("settings/good.json").toString()));
    line.addAll(List.of(options));
    var result = warder(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return new JsonMapper().readTree(result.stdout());
  }

  private static Program.Result warder(String... arguments)
      throws IOException, InterruptedException {
    return Program.warder().run(arguments);
  }
}
