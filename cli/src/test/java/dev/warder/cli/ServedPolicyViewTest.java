package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServedPolicyViewTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cap/tags",
        "clusteradmissionpolicy/tags",
        "clusteradmissionpolicies/tags",
        "clusteradmissionpolicies.policies.kubewarden.io/tags"
      })
  void policiesAreNamedAsForKubectl(String text) {
    assertThat(ServedPolicyView.nameIn(text)).contains("tags");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cap", "cap/", "cap/a/b", "policies/tags", "file:///cap/tags", "./cap/tags.wasm"})
  void filesAndReferencesAreNoPolicies(String text) {
    assertThat(ServedPolicyView.nameIn(text)).isEmpty();
  }

  @Test
  void showsWhatServes() throws Exception {
    var view =
        view(
            """
            metadata: {name: tags, generation: 3}
            spec:
              module: registry://r.example/tags:v1
              contextAwareResources: [{apiVersion: v1, kind: Namespace}]
            status:
              servingGeneration: 2
              mode: protect
              module: {reference: "registry://r.example/tags@sha256:ab", digest: "sha256:cd",
                verification: {result: Verified, signer: jane}}
              conditions: [{type: Ready, status: "False", reason: SettingsRejected, message: bad}]
            """);
    assertThat(view.module()).contains("registry://r.example/tags@sha256:ab");
    assertThat(table(view))
        .contains("Serving            generation 2 of 3")
        .contains("Signer             jane")
        .contains("May read           v1/Namespace")
        .containsPattern("Ready +False +SettingsRejected: bad");
  }

  @Test
  void saysWhenNothingServes() throws Exception {
    var view = view("metadata: {name: tags, generation: 1}\nspec: {module: a}\n");
    assertThat(view.module()).isEmpty();
    assertThat(table(view)).contains("Serving            nothing", "May read           nothing");
    assertThat(view.json().path("module").isNull()).isTrue();
  }

  private static ServedPolicyView view(String yaml) throws Exception {
    return ServedPolicyView.of(new YAMLMapper().readTree(yaml));
  }

  private static String table(ServedPolicyView view) {
    var text = new StringWriter();
    view.print(new PrintWriter(text, true));
    return text.toString();
  }
}
