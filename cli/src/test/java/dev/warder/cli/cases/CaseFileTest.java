package dev.warder.cli.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CaseFileTest {
  private static final String CASE =
      """
      - name: one
        request: {uid: "1"}
        settings: request.json
        module: other.wasm
        hostCalls: session.yml
        expect:
          allowed: false
          message: {matches: "no.*"}
          code: 403
          mutated: false
          warnings: [careful]
      """;

  @TempDir private Path folder;

  @Test
  void readsAListOfCases() throws Exception {
    Files.writeString(folder.resolve("request.json"), "{\"label\": 3}");
    Files.writeString(folder.resolve("b.yaml"), CASE);
    Files.writeString(
        folder.resolve("a.yaml"), "name: single\nexpect: {settingsValid: false, message: m}");
    Files.writeString(folder.resolve("session.yml"), "no case");

    var cases = CaseFiles.read(folder);

    assertThat(cases).extracting(TestCase::name).containsExactly("single", "one");
    var one = cases.get(1);
    assertThat(one.line()).isEqualTo(1);
    assertThat(one.settings().orElseThrow().path("label").intValue()).isEqualTo(3);
    assertThat(one.module()).contains(folder.resolve("other.wasm").toString());
    assertThat(one.hostCalls()).contains(folder.resolve("session.yml"));
    assertThat(one.files()).contains(folder.resolve("request.json"));
    assertThat(one.expect().warnings()).contains(List.of("careful"));
    assertThat(one.expect().mutated()).contains(new Mutation.None());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "    wants: 1           | line 3: a case has no \"wants\"; there are expect, hostCalls",
        "    expect: {allow: no} | line 3: expect has no \"allow\"; there are allowed, code",
        "    expect: {}         | line 3: expect is empty",
        "    expect: {allowed: 1} | line 3: allowed must be true or false",
        "    expect: {code: -1} | line 3: code must be a number from 0 to 65535",
        "    expect: {message: {matches: '('}} | line 3: this is no regular expression",
        "    expect: {message: {like: x}} | line 3: message has no \"like\"",
        "    expect: {allowed: true} | line 2: a case that expects an answer needs a request",
        "    expect: {settingsValid: false, code: 3} | line 3: with settingsValid: false",
        "    settings: {}       | line 2: the case has no expect",
      })
  void whatIsWrongHasAPlace(String line, String problem) throws Exception {
    Files.writeString(folder.resolve("c.yaml"), "# cases\n- name: x\n  " + line.strip() + "\n");
    assertThatThrownBy(() -> CaseFiles.read(folder))
        .isInstanceOf(CaseFileException.class)
        .hasMessageContaining("c.yaml: " + problem.substring(0, problem.indexOf(':')) + ", column ")
        .hasMessageContaining(problem.substring(problem.indexOf(':') + 2));
  }

  @Test
  void aFolderWithoutCasesIsNamed() {
    assertThatThrownBy(() -> CaseFiles.read(folder)).hasMessageContaining("there is no case in");
    assertThatThrownBy(() -> CaseFiles.read(folder.resolve("absent")))
        .hasMessageContaining("cannot read the folder");
  }

  @Property
  void aDocumentDiffersFromNothingButOthers(@ForAll int one, @ForAll int other) throws Exception {
    var json = new JsonMapper();
    var left = json.readTree("{\"a\": [1, {\"b\": %d}]}".formatted(one));
    var right = json.readTree("{\"a\": [1, {\"b\": %d}]}".formatted(other));
    assertThat(JsonDifference.between(left, left)).isEmpty();
    if (one != other) {
      assertThat(JsonDifference.between(left, right))
          .contains("/a/1/b: expected %d, was %d".formatted(one, other));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":9}] | {\"a\":[9,1,2]}",
        "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":9}] | {\"a\":[1,2,9]}",
        "[{\"op\":\"remove\",\"path\":\"/a/0\"}] | {\"a\":[2]}",
        "[{\"op\":\"replace\",\"path\":\"/a/1\",\"value\":{}}] | {\"a\":[1,{}]}",
        "[{\"op\":\"add\",\"path\":\"/b~1c\",\"value\":3}] | {\"a\":[1,2],\"b/c\":3}",
        "[{\"op\":\"replace\",\"path\":\"\",\"value\":3}] | 3",
      })
  void patchesAreApplied(String patch, String result) throws Exception {
    var json = new JsonMapper();
    var original = json.readTree("{\"a\":[1,2]}");
    assertThat(PatchedJson.apply(original, patch)).isEqualTo(json.readTree(result));
    assertThat(original).isEqualTo(json.readTree("{\"a\":[1,2]}"));
  }
}
