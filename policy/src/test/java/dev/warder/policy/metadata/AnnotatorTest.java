package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnnotatorTest {
  private static final String WASI =
      """
      rules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
      mutating: false
      executionMode: wasi
      """;

  @Test
  void theProtocolOfAWasiModuleIsUnknownWhateverTheFileSays() {
    var annotated = annotated(plain(), WASI + "protocolVersion: v1");
    assertThat(Outcomes.value(PolicyMetadataReader.read(annotated.module())).protocolVersion())
        .contains(ProtocolVersion.UNKNOWN);
    assertThat(annotated.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apiGroups: []          | rules[0].apiGroups is empty",
        "apiVersions: []        | rules[0].apiVersions is empty",
        "resources: []          | rules[0].resources is empty",
        "operations: []         | rules[0].operations is empty",
        "apiGroups: ['*', apps] | rules[0].apiGroups has * beside others",
        "apiVersions: ['*', v1] | rules[0].apiVersions has * beside others",
        "operations: ['*', CREATE] | rules[0].operations has * beside others",
        "apiVersions: ['']      | rules[0].apiVersions has an empty entry",
        "resources: ['']        | rules[0].resources: an entry is empty",
        "resources: ['*/*', pods] | */* covers everything",
        "resources: ['*', pods] | * covers every resource",
        "resources: [pods, '*'] |",
        "resources: ['*', pods/log, 'pods/*', '*/scale'] |",
        "resources: ['*', pods/log, 'deployments/*'] |",
        "resources: ['pods/*', pods/log] | pods/* covers pods/log already",
        "resources: [pods/log, 'pods/*'] |",
        "resources: ['*/scale', pods/scale] | */scale covers pods/scale already",
        "resources: [pods/scale, '*/scale'] |",
      })
  void rulesFollowTheApiServer(String part, String problem) {
    var rule =
        "apiGroups: [\"\"]\n    apiVersions: [v1]\n    resources: [pods]\n    operations: [CREATE]";
    var member = part.substring(0, part.indexOf(':'));
    var changed =
        rule.lines()
            .map(line -> line.strip().startsWith(member + ":") ? part : line.strip())
            .reduce("", (all, line) -> all + "\n    " + line);
    var metadata =
        "rules:\n  -" + changed.substring(4) + "\nmutating: false\nexecutionMode: wasi\n";
    var outcome =
        Annotator.annotate(plain(), Outcomes.value(PolicyMetadataReader.parseYaml(metadata)));
    if (problem == null) {
      Outcomes.value(outcome);
    } else {
      var failure = Outcomes.failure(outcome);
      assertThat(failure.reason()).isEqualTo(Reason.MetadataInvalid);
      assertThat(failure.message()).contains(problem);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{apiVersion: '', kind: Pod}", "{apiVersion: v1, kind: ' '}"})
  void resourcesThatAreReadHaveNames(String resource) {
    var metadata = WASI + "contextAwareResources: [" + resource + "]";
    assertThat(refusal(plain(), metadata)).contains("empty apiVersion or kind");
  }

  @Test
  void aModuleThatIsNotWasiIsOnlyWarnedAbout() {
    var wapc = WASI.replace("executionMode: wasi", "protocolVersion: v1");
    assertThat(annotated(plain(), wapc).warnings())
        .singleElement()
        .asString()
        .startsWith("executionMode is kubewarden-wapc: Kubewarden can run this module");
    assertThat(refusal(plain(), WASI.replace("executionMode: wasi", "")))
        .contains("say executionMode: wasi");
    assertThat(refusal(rego(), wapc)).contains("was built from Rego");
    assertThat(refusal(plain(), WASI.replace("wasi", "gatekeeper")))
        .contains("not built from Rego");
    assertThat(annotated(rego(), WASI.replace("wasi", "opa")).warnings()).hasSize(1);
  }

  @Test
  void undeclaredHostCallsAreGuessedFromTexts() {
    var caller = caller("kubewarden", "kubernetes", "get_resource");
    assertThat(annotated(caller, WASI).warnings())
        .containsExactly(
            "the module seems to call kubernetes/get_resource: add it to hostCapabilities, or it"
                + " may be refused",
            "the module seems to read from the cluster, but contextAwareResources is empty: name"
                + " the kinds that it reads");
    assertThat(
            annotated(
                    caller,
                    WASI
                        + "hostCapabilities: ['kubernetes/*']\n"
                        + "contextAwareResources: [{apiVersion: v1, kind: Namespace}]")
                .warnings())
        .isEmpty();
  }

  @Test
  void anOperationIsNotFoundInALongerOne() {
    var longer = caller("oci", "v1/oci_manifest_config");
    assertThat(
            annotated(longer, WASI + "hostCapabilities: [oci/v1/oci_manifest_config]").warnings())
        .isEmpty();
    var both = caller("ociv1/oci_manifestv1/oci_manifest_config");
    assertThat(annotated(both, WASI + "hostCapabilities: [oci/v1/oci_manifest_config]").warnings())
        .singleElement()
        .asString()
        .startsWith("the module seems to call oci/v1/oci_manifest:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oci/v3/verify | there is no such host capability",
        "oci/v1        | it stops halfway: say oci/v1/*",
        "tracing/log   | logging needs no declaration",
        "net/*         | nothing in the module points to such a call",
        "oci/*         |",
        "*             |",
        "oci/v2/verify |",
      })
  void declarationsAreHeldAgainstTheModule(String declared, String warning) {
    var warnings =
        annotated(
                caller("oci", "v2/verify"),
                WASI + "hostCapabilities: ['" + declared + "', oci/v2/verify]")
            .warnings();
    if (warning == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings).singleElement().asString().contains(declared).contains(warning);
    }
  }

  @Test
  void aModuleWithoutTheImportCallsNobody() {
    assertThat(annotated(data(new Wasm(), "oci", "v2/verify").build(), WASI).warnings()).isEmpty();
    assertThat(annotated(plain(), WASI + "hostCapabilities: [oci/*]").warnings())
        .singleElement()
        .asString()
        .contains("imports no host call");
  }

  private static Annotator.Annotated annotated(byte[] module, String yaml) {
    return Outcomes.value(
        Annotator.annotate(module, Outcomes.value(PolicyMetadataReader.parseYaml(yaml))));
  }

  private static String refusal(byte[] module, String yaml) {
    return Outcomes.failure(
            Annotator.annotate(module, Outcomes.value(PolicyMetadataReader.parseYaml(yaml))))
        .message();
  }

  private static byte[] plain() {
    return new Wasm().section(1, (byte) 0).build();
  }

  private static byte[] rego() {
    var exports = new ByteArrayOutputStream();
    exports.write(1);
    WasmCursor.writeName(exports, "opa_eval");
    exports.writeBytes(new byte[] {0, 0});
    return new Wasm().section(7, exports.toByteArray()).build();
  }

  private static byte[] caller(String... texts) {
    var imports = new ByteArrayOutputStream();
    imports.write(1);
    WasmCursor.writeName(imports, "host");
    WasmCursor.writeName(imports, "call");
    imports.writeBytes(new byte[] {0, 0});
    return data(new Wasm().section(2, imports.toByteArray()), texts).build();
  }

  private static Wasm data(Wasm module, String... texts) {
    var text = String.join("", List.of(texts)).getBytes(StandardCharsets.UTF_8);
    var data = new ByteArrayOutputStream();
    data.writeBytes(new byte[] {1, 1});
    WasmCursor.writeCount(data, text.length);
    data.writeBytes(text);
    return module.section(11, data.toByteArray());
  }
}
