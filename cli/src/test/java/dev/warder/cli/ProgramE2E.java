package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program through its launcher script. */
final class ProgramE2E {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TAGS = "samples/no-latest-tag/";
  private static final String LABELS = "samples/required-labels/";

  private final Program warder = Program.warder();

  @Test
  void helpListsEveryCommand() throws Exception {
    var result = warder.run("--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout())
        .contains("demo", "operator", "serve", "run", "inspect", "annotate")
        .contains("optimize", "bench", "version")
        .contains("Exit codes:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "run",
        "run a.wasm",
        "run a.wasm --request r.json --settings-json {} --settings-path s.json",
        "run a.wasm --request r.json --timeout soon",
        "annotate a.wasm",
        "bench",
        "bench a.wasm --threads 0",
        "bench a.wasm --duration soon",
        "inspect",
        "demo --webhook-host here",
        "operator --workers 0",
        "serve --workers 0",
        "serve --cert-file a.crt",
        "serve --sigstore-trust-config t.json",
        "verify a.wasm",
        "push a.wasm",
        "operator --eval-timeout 0s",
        "operator --eval-stdout 2Gi",
        "run a.wasm --request r.json --eval-memory 1Ki",
        "operator --log-level loud",
        "operator --webhook-service a --webhook-host b"
      })
  void aWrongCommandLineEndsWithTwoAndPointsToTheHelp(String line) throws Exception {
    var result = warder.run(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr()).startsWith("Error: ").contains("--help'.");
  }

  @Test
  void runPrintsTheVerdictOfAPolicy() throws Exception {
    var accepted = warder.run("run", TAGS + "policy.wasm", "-r", TAGS + "requests/accept.json");
    var rejected = warder.run("run", TAGS + "policy.wasm", "-r", TAGS + "requests/reject.json");

    assertThat(accepted.exitCode()).isZero();
    assertThat(JSON.readTree(accepted.stdout()).path("allowed").booleanValue()).isTrue();
    assertThat(rejected.exitCode()).isZero();
    var answer = JSON.readTree(rejected.stdout());
    assertThat(answer.path("allowed").booleanValue()).isFalse();
    assertThat(answer.path("uid")).isEqualTo(json(TAGS + "requests/reject.json").path("uid"));
    assertThat(answer.at("/status/code").intValue()).isEqualTo(403);
    assertThat(answer.at("/status/message").textValue()).contains("needs images pinned");
    assertThat(rejected.stdout().lines()).hasSize(1);

    var yaml =
        warder.run(
            "run", TAGS + "policy.wasm", "-r", TAGS + "requests/reject.json", "--output", "yaml");
    assertThat(yaml.exitCode()).isZero();
    assertThat(new YAMLMapper().readTree(yaml.stdout())).isEqualTo(answer);
  }

  @Test
  void runTakesAWholeReviewAndTellsARefusalByExitCodeWhenAsked(@TempDir Path folder)
      throws Exception {
    var review = JsonNodeFactory.instance.objectNode().put("kind", "AdmissionReview");
    review.set("request", json(TAGS + "requests/reject.json"));
    var file = Files.writeString(folder.resolve("review.json"), JSON.writeValueAsString(review));

    var result =
        warder.run(
            "run",
            TAGS + "policy.wasm",
            "--request",
            file.toString(),
            "--settings-path",
            TAGS + "settings/good.json",
            "--output",
            "table",
            "--exit-code");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).startsWith("refused").contains("code: 403", "message: ");
    assertThat(result.stderr()).isEmpty();
  }

  @Test
  void runPrintsTheChangesOfAMutatingPolicy() throws Exception {
    var result =
        warder.run(
            "run",
            "samples/pod-defaults/policy.wasm",
            "--request",
            "samples/pod-defaults/requests/mutate.json",
            "--settings-json",
            "{\"labels\":{\"cost-center\":\"platform\"}}");

    assertThat(result.exitCode()).isZero();
    var answer = JSON.readTree(result.stdout());
    assertThat(answer.path("patchType").textValue()).isEqualTo("JSONPatch");
    var patch = Base64.getDecoder().decode(answer.path("patch").textValue());
    assertThat(new String(patch, StandardCharsets.UTF_8)).contains("platform");
  }

  @Test
  void runKnowsARawPolicyByItsMetadata() throws Exception {
    var result =
        warder.run(
            "run",
            "samples/raw-quota/policy.wasm",
            "--request",
            "samples/raw-quota/requests/reject.json",
            "--settings-path",
            "samples/raw-quota/settings/good.json");

    assertThat(result.exitCode()).isZero();
    var answer = JSON.readTree(result.stdout());
    assertThat(answer.path("uid").textValue()).isEqualTo("order-1002");
    assertThat(answer.path("allowed").booleanValue()).isFalse();
  }

  @Test
  void badSettingsEndWithOneInTheWordsOfKwctl() throws Exception {
    var result =
        warder.run(
            "run",
            TAGS + "policy.wasm",
            "--request",
            TAGS + "requests/accept.json",
            "--settings-path",
            TAGS + "settings/bad.json");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr())
        .startsWith("Error: Provided settings are not valid: settings.allow must be a list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run absent.wasm --request samples/no-latest-tag/requests/accept.json",
        "run samples/no-latest-tag/main.c --request samples/no-latest-tag/requests/accept.json",
        "run samples/no-latest-tag/policy.wasm --request absent.json",
        "run samples/no-latest-tag/policy.wasm --request samples/raw-quota/requests/accept.json",
        "run samples/no-latest-tag/policy.wasm --request samples/no-latest-tag/main.c",
        "run registry://127.0.0.1:1/a:b --request samples/no-latest-tag/requests/accept.json",
        "inspect ftp://example.org/policy.wasm",
        "inspect samples/no-latest-tag/main.c",
        "annotate absent.wasm -m samples/no-latest-tag/metadata.yml -o absent/out.wasm",
        "operator --kubeconfig absent"
      })
  void whatCannotBeDoneEndsWithOneAndALineThatSaysWhy(String line) throws Exception {
    var result = warder.run(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().lines()).singleElement().asString().startsWith("Error: ");
  }

  @Test
  void inspectShowsTheMetadataToPeopleAndToScripts() throws Exception {
    var text = warder.run("inspect", LABELS + "policy.wasm");
    var json = warder.run("inspect", LABELS + "policy.wasm", "--output", "json");
    var digest =
        warder.run(
            "digest",
            "file://" + Program.checkout().resolve(LABELS + "policy.wasm"),
            "--output",
            "json");

    assertThat(text.exitCode()).isZero();
    assertThat(text.stdout())
        .contains("Execution mode     wasi", "CREATE, UPDATE of pods, services in core v1");
    assertThat(json.exitCode()).isZero();
    assertThat(JSON.readTree(digest.stdout()).path("digest"))
        .isEqualTo(JSON.readTree(json.stdout()).path("digest"));
    var metadata = JSON.readTree(json.stdout()).path("metadata");
    assertThat(metadata.path("executionMode").textValue()).isEqualTo("wasi");
    assertThat(metadata.at("/annotations/io.kubewarden.policy.title").textValue())
        .isEqualTo("required-labels");
  }

  @Test
  void optimizeWritesAModuleThatAnswersLikeTheOldOne(@TempDir Path folder) throws Exception {
    var out = folder.resolve("out.wasm").toString();
    var made =
        warder.run(
            "optimize",
            "samples/raw-quota/policy.wasm",
            "-o",
            out,
            "-s",
            "samples/raw-quota/settings/good.json",
            "--output",
            "json");
    var again = warder.run("optimize", out, "-o", folder.resolve("again.wasm").toString());

    assertThat(made.exitCode()).as(made.stderr()).isZero();
    assertThat(JSON.readTree(made.stdout()).path("comparedInputs").intValue()).isEqualTo(2);
    assertThat(warder.run("inspect", out).stdout()).contains("dev.warder.preinitialised");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.stderr()).contains("Error: ", "pre-initialised already");
  }

  @Test
  void optimizeWritesNothingForAModuleThatIsNotGos(@TempDir Path folder) throws Exception {
    var out = folder.resolve("out.wasm");
    var result = warder.run("optimize", TAGS + "policy.wasm", "-o", out.toString());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr()).contains("the module is not as Go's compiler makes them");
    assertThat(out).doesNotExist();
  }

  @Test
  void annotateReplacesTheMetadataAndNothingElse(@TempDir Path folder) throws Exception {
    var out = folder.resolve("out.wasm");
    var again = folder.resolve("again.wasm");
    var usage = Files.writeString(folder.resolve("usage.md"), "Say *please*.\n");

    var first =
        warder.run(
            "annotate",
            "--no-stamp",
            TAGS + "policy.wasm",
            "--metadata-path",
            TAGS + "metadata.yml",
            "--usage-path",
            usage.toString(),
            "--output-path",
            out.toString());
    var inspected = warder.run("inspect", out.toString(), "-o", "json");
    var second =
        warder.run(
            "annotate",
            "--no-stamp",
            out.toString(),
            "-m",
            TAGS + "metadata.yml",
            "-o",
            again.toString());

    assertThat(first.exitCode()).isZero();
    assertThat(
            JSON.readTree(inspected.stdout())
                .at("/metadata/annotations/io.kubewarden.policy.usage")
                .textValue())
        .isEqualTo("Say *please*.\n");
    assertThat(second.exitCode()).isZero();
    assertThat(again).hasSameBinaryContentAs(Program.checkout().resolve(TAGS + "policy.wasm"));
  }

  @Test
  void theScriptWorksThroughASymbolicLinkFromAnotherFolder(@TempDir Path folder) throws Exception {
    var link = Files.createSymbolicLink(folder.resolve("w"), warder.script());
    Files.copy(Program.checkout().resolve(TAGS + "policy.wasm"), folder.resolve("here.wasm"));

    var result =
        new Program(link, folder, Map.of("JAVA_HOME", "/absent")).run("inspect", "here.wasm");

    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout()).contains(folder.toRealPath() + "/here.wasm");
  }

  private static JsonNode json(String file) throws IOException {
    return JSON.readTree(Program.checkout().resolve(file).toFile());
  }
}
