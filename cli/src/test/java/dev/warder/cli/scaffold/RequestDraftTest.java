package dev.warder.cli.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.scaffold.RequestDraft.Operation;
import dev.warder.policy.evaluation.AdmissionReviews;
import dev.warder.policy.evaluation.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestDraftTest {
  private static final String DEPLOYMENT =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}";

  @ParameterizedTest
  @EnumSource
  void warderReadsWhatIsDrafted(Operation operation) throws Exception {
    var old = operation == Operation.CREATE ? Optional.<JsonNode>empty() : yaml(DEPLOYMENT);
    var json = RequestDraft.of(operation, yaml(DEPLOYMENT), old, ResourceOfKind::wellKnown);

    assertThat(json.at("/resource/resource").textValue()).isEqualTo("deployments");
    assertThat(json.path("namespace").textValue()).isEqualTo("shop");
    assertThat(json.has("object")).isEqualTo(operation != Operation.DELETE);
    assertThat(json.has("oldObject")).isEqualTo(operation != Operation.CREATE);
    assertThat(AdmissionReviews.decodeRequest(json.toString().getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Decoded.Request.class);
  }

  @Test
  void aKindOfTheWholeClusterHasNoNamespace() throws Exception {
    var node = yaml("{apiVersion: v1, kind: Node, metadata: {name: a}}");
    var json = RequestDraft.of(Operation.DELETE, node, Optional.empty(), ResourceOfKind::wellKnown);
    assertThat(json.has("namespace")).isFalse();
    assertThat(json.at("/oldObject/kind").textValue()).isEqualTo("Node");
  }

  @Test
  void whatIsUnknownOrMissingIsNamed() throws Exception {
    var other = yaml("{apiVersion: example.org/v1, kind: Widget}");
    assertThatThrownBy(
            () ->
                RequestDraft.of(
                    Operation.CREATE, other, Optional.empty(), ResourceOfKind::wellKnown))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("the kind Widget of example.org/v1 is not known here");
    assertThatThrownBy(
            () ->
                RequestDraft.of(
                    Operation.UPDATE, other, Optional.empty(), ResourceOfKind::wellKnown))
        .hasMessage("UPDATE needs --old-object FILE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "-a", "a-", "a.b", "a b", "ä"})
  void namesAreThoseOfKubernetes(String name) {
    assertThatThrownBy(() -> Names.checked("the name", name)).hasMessageContaining("RFC 1123");
    assertThat(Names.checked("the name", "a-1")).isEqualTo("a-1");
    assertThat(Names.from("A Title: " + "x".repeat(80))).hasSize(63).startsWith("a-title-x");
  }

  private static Optional<JsonNode> yaml(String text) throws Exception {
    return Optional.of(new YAMLMapper().readTree(text));
  }
}
