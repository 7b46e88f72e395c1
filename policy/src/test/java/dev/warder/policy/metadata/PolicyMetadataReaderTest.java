package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyMetadataReaderTest {
  private static final String MINIMAL = "'rules': [], 'mutating': false, 'executionMode': 'wasi'";

  @TempDir Path directory;

  @Test
  void readsAllMembers() {
    assertThat(
            read(
                """
                {'protocolVersion': 'v1', 'mutating': true, 'backgroundAudit': false,
                 'rules': [{'apiGroups': [''], 'apiVersions': ['v1'], 'resources': ['pods'],
                            'operations': ['CREATE', 'UPDATE']}],
                 'annotations': {'a': 'b'}, 'executionMode': 'wasi', 'policyType': 'raw',
                 'contextAwareResources': [{'apiVersion': 'v1', 'kind': 'Pod'}],
                 'hostCapabilities': ['kubernetes/*'], 'minimumKubewardenVersion': '1.2.3',
                 'contextAware': true}"""))
        .isEqualTo(
            Outcome.done(
                new PolicyMetadata(
                    Optional.of(ProtocolVersion.V1),
                    List.of(
                        new Rule(
                            List.of(""),
                            List.of("v1"),
                            List.of("pods"),
                            List.of("CREATE", "UPDATE"))),
                    Map.of("a", "b"),
                    true,
                    false,
                    ExecutionMode.WASI,
                    PolicyType.RAW,
                    Set.of(new ContextAwareResource("v1", "Pod")),
                    Set.of("kubernetes/*"),
                    Optional.of("1.2.3"))));
  }

  @Test
  void fillsInDefaults() {
    assertThat(read("{'rules': null, 'mutating': false}"))
        .isEqualTo(
            Outcome.done(
                new PolicyMetadata(
                    Optional.empty(),
                    List.of(),
                    Map.of(),
                    false,
                    true,
                    ExecutionMode.KUBEWARDEN_WAPC,
                    PolicyType.KUBERNETES,
                    Set.of(),
                    Set.of(),
                    Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "'text'",
        "{}",
        "{'mutating': false}",
        "{'rules': []}",
        "{'rules': [], 'mutating': false} {}",
        "{'rules': [], 'rules': [], 'mutating': false}",
        "{'rules': {}, 'mutating': false}",
        "{'rules': [], 'mutating': 'false'}",
        "{'rules': [], 'mutating': null}",
        "{'rules': [], 'mutating': false, 'executionMode': 'wasm'}",
        "{'rules': [], 'mutating': false, 'executionMode': 1}",
        "{'rules': [], 'mutating': false, 'policyType': 'Raw'}",
        "{'rules': [], 'mutating': false, 'protocolVersion': 'v2'}",
        "{'rules': [], 'mutating': false, 'annotations': []}",
        "{'rules': [], 'mutating': false, 'annotations': {'a': 1}}",
        "{'rules': [], 'mutating': false, 'hostCapabilities': 'x'}",
        "{'rules': [], 'mutating': false, 'contextAwareResources': [{'kind': 'Pod'}]}",
        "{'rules': [], 'mutating': false, 'contextAwareResources': ['Pod']}",
        "{'rules': ['x'], 'mutating': false}",
        "{'rules': [{'apiGroups': [], 'apiVersions': [], 'resources': []}], 'mutating': false}",
        "{'rules': [{'apiGroups': [], 'apiVersions': [], 'resources': [], 'operations': ['GET']}],"
            + " 'mutating': false}",
      })
  void refuses(String json) {
    var failure = Outcomes.failure(read(json));
    assertThat(failure.reason()).isEqualTo(Reason.MetadataInvalid);
    assertThat(failure.message()).contains(MetadataSection.NAME);
  }

  @Test
  void refusesInvalidUtf8AndDepth() {
    byte[] notUtf8 = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    var module = Outcomes.value(MetadataSection.replace(new Wasm().build(), notUtf8));
    assertThat(Outcomes.failure(PolicyMetadataReader.read(module)).reason())
        .isEqualTo(Reason.MetadataInvalid);
    assertThat(Outcomes.failure(read("[".repeat(10_000))).reason())
        .isEqualTo(Reason.MetadataInvalid);
  }

  @Test
  void saysThatMetadataIsMissing() {
    assertThat(Outcomes.failure(PolicyMetadataReader.read(new Wasm().build())).reason())
        .isEqualTo(Reason.MetadataMissing);
  }

  @Test
  void readsYaml() {
    var metadata =
        Outcomes.value(
            PolicyMetadataReader.parseYaml(
                """
                rules:
                mutating: false
                executionMode: wasi
                annotations:
                  io.kubewarden.policy.version: 0.1.0
                """));
    assertThat(metadata.rules()).isEmpty();
    assertThat(metadata.annotations()).containsEntry("io.kubewarden.policy.version", "0.1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "rules: [", "\t", "a: &a [*a]", "- x", "rules: []\nrules: []\nmutating: true"})
  void refusesYaml(String yaml) {
    assertThat(Outcomes.failure(PolicyMetadataReader.parseYaml(yaml)).reason())
        .isEqualTo(Reason.MetadataInvalid);
  }

  @Property
  void neverThrowsOnYaml(@ForAll String yaml) {
    assertThat(PolicyMetadataReader.parseYaml(yaml)).isNotNull();
  }

  @Test
  void describesAWasiPolicy() throws IOException {
    var described = Outcomes.value(describe("{" + MINIMAL + "}"));
    assertThat(described.metadata().executionMode()).isEqualTo(ExecutionMode.WASI);
    assertThat(described.module().content()).isEqualTo(module("{" + MINIMAL + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubewarden-wapc", "opa", "gatekeeper"})
  void describesNoOtherPolicy(String mode) throws IOException {
    var failure =
        Outcomes.failure(
            describe("{'rules': [], 'mutating': false, 'executionMode': '" + mode + "'}"));
    assertThat(failure.reason()).isEqualTo(Reason.ExecutionModeUnsupported);
    assertThat(failure.message()).contains(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.1", "1.38.0", "1.38.99", "1.38.7-rc.1+build", "1.4.0"})
  void describesPoliciesForOlderReleases(String version) throws IOException {
    assertThat(Outcomes.value(describe(withMinimum(version))).metadata().minimumKubewardenVersion())
        .contains(version);
  }

  @ParameterizedTest
  @CsvSource({
    "1.39.0, KubewardenVersionUnsupported",
    "1.39.0-alpha, KubewardenVersionUnsupported",
    "2.0.0, KubewardenVersionUnsupported",
    "1.38, MetadataInvalid",
    "v1.38.0, MetadataInvalid",
    "01.2.3, MetadataInvalid",
    "99999999999.0.0, MetadataInvalid",
    "latest, MetadataInvalid",
  })
  void refusesPoliciesForNewerReleases(String version, Reason reason) throws IOException {
    assertThat(Outcomes.failure(describe(withMinimum(version))).reason()).isEqualTo(reason);
  }

  private static String withMinimum(String version) {
    return "{" + MINIMAL + ", 'minimumKubewardenVersion': '" + version + "'}";
  }

  private Outcome<DescribedModule> describe(String json) throws IOException {
    var file = Files.write(directory.resolve("policy.wasm"), module(json));
    try (var fetcher =
        new ModuleFetcher(
            new ModuleStore(directory.resolve("store")), FetchLimits.defaults(), Set.of())) {
      return ModuleReferences.parse("file://" + file)
          .then(fetcher::fetch)
          .then(
              fetched ->
                  new ModuleVerifier(fetcher::repository, new SignatureStore(directory))
                      .verify(fetched, Requirement.NONE))
          .then(PolicyMetadataReader::describe);
    }
  }

  private static Outcome<PolicyMetadata> read(String json) {
    return PolicyMetadataReader.read(module(json));
  }

  private static byte[] module(String json) {
    return Outcomes.value(
        MetadataSection.replace(
            new Wasm().build(), json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }
}
