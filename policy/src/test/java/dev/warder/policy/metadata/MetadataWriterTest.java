package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataWriterTest {
  private static final PolicyMetadata FULL =
      new PolicyMetadata(
          Optional.of(ProtocolVersion.UNKNOWN),
          List.of(
              new Rule(
                  List.of("", "apps"), List.of("v1"), List.of("pods", "*/scale"), List.of("*"))),
          Map.of("io.kubewarden.policy.title", "a \"title\""),
          true,
          false,
          ExecutionMode.WASI,
          PolicyType.RAW,
          Set.of(new ContextAwareResource("v1", "Namespace")),
          Set.of("kubernetes/*"),
          Optional.of("1.30.0"));

  @Test
  void writesAllMembersInOneOrder() {
    assertThat(MetadataWriter.json(FULL))
        .isEqualTo(
            """
            {"protocolVersion":"Unknown","rules":[{"apiGroups":["","apps"],"apiVersions":["v1"],\
            "resources":["pods","*/scale"],"operations":["*"]}],\
            "annotations":{"io.kubewarden.policy.title":"a \\"title\\""},"mutating":true,\
            "backgroundAudit":false,"executionMode":"wasi","policyType":"raw",\
            "contextAwareResources":[{"apiVersion":"v1","kind":"Namespace"}],\
            "hostCapabilities":["kubernetes/*"],"minimumKubewardenVersion":"1.30.0"}""");
  }

  @Test
  void leavesOutWhatKubewardenLeavesOut() {
    var bare = Outcomes.value(PolicyMetadataReader.parseYaml("rules: []\nmutating: false"));
    assertThat(MetadataWriter.json(bare))
        .isEqualTo(
            """
            {"protocolVersion":null,"rules":[],"mutating":false,"backgroundAudit":true,\
            "executionMode":"kubewarden-wapc","policyType":"kubernetes","contextAwareResources":[]}\
            """);
  }

  @Test
  void annotatesAndReadsBack() {
    var module = new Wasm().section(1, (byte) 0).build();
    var annotated = Outcomes.value(MetadataWriter.annotate(module, FULL));
    assertThat(PolicyMetadataReader.read(annotated)).isEqualTo(Outcome.done(FULL));
  }

  @Test
  void replacesWhatIsThere() {
    var module = new Wasm().custom(MetadataSection.NAME, "old").section(1, (byte) 0).build();
    var once = Outcomes.value(MetadataWriter.annotate(module, FULL));
    assertThat(Outcomes.value(MetadataWriter.annotate(once, FULL))).isEqualTo(once);
  }

  @Test
  void fillsInTheProtocol() {
    var metadata =
        Outcomes.value(
            PolicyMetadataReader.parseYaml("rules: []\nmutating: false\nexecutionMode: wasi"));
    var annotated = Outcomes.value(MetadataWriter.annotate(new Wasm().build(), metadata));
    assertThat(Outcomes.value(PolicyMetadataReader.read(annotated)).protocolVersion())
        .contains(ProtocolVersion.UNKNOWN);
  }

  @Test
  void refusesWhatIsNoModule() {
    assertThat(Outcomes.failure(MetadataWriter.annotate(new byte[9], FULL)).reason())
        .isEqualTo(Reason.ModuleNotWasm);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-latest-tag", "pod-defaults", "raw-quota", "required-labels"})
  void writesTheSamplesAsTheyAre(String name) throws IOException {
    var sample = Path.of("../samples", name);
    var module = Files.readAllBytes(sample.resolve("policy.wasm"));
    var metadata =
        Outcomes.value(
            PolicyMetadataReader.parseYaml(Files.readString(sample.resolve("metadata.yml"))));
    assertThat(Outcomes.value(MetadataWriter.annotate(module, metadata))).isEqualTo(module);
  }
}
