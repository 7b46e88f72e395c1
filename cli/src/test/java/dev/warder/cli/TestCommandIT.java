package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code warder test} with a sample's module. */
final class TestCommandIT {
  private static final Path SAMPLE = Program.checkout().resolve("samples/no-latest-tag");

  @TempDir private Path folder;

  private record Result(int code, String out, String err) {}

  @Test
  void passedFailedAndBrokenCasesAreToldApart() throws Exception {
    cases(
        """
        - name: passes
          request: %1$s/requests/accept.json
          settings: %1$s/settings/good.json
          expect: {allowed: true, mutated: false}
        - name: fails
          request: %1$s/requests/reject.json
          settings: %1$s/settings/good.json
          expect: {allowed: true, code: 7}
        - name: settings
          settings: %1$s/settings/bad.json
          expect: {settingsValid: false, message: {contains: settings.allow must be a list}}
        - name: settings that were not expected to be bad
          settings: %1$s/settings/bad.json
          expect: {settingsValid: true}
        - name: no such module
          module: absent.wasm
          request: %1$s/requests/accept.json
          expect: {allowed: true}
        - name: recorded
          hostCalls: session.yml
          request: %1$s/requests/accept.json
          expect: {allowed: true}
        """);
    var report = folder.resolve("report.xml");

    var result = run("--output", "json", "--junit", report.toString());

    assertThat(result.code).as(result.err).isEqualTo(1);
    var json = new JsonMapper().readTree(result.out);
    assertThat(json.path("cases"))
        .extracting(one -> one.path("outcome").textValue())
        .containsExactly("passed", "failed", "passed", "failed", "broken", "broken");
    assertThat(json.at("/cases/1/problems/0").textValue())
        .startsWith("expected to be allowed, was refused: \"Pod");
    assertThat(json.at("/cases/1/problems/1").textValue()).isEqualTo("code: expected 7, was 403");
    assertThat(json.at("/cases/1/line").intValue()).isEqualTo(5);
    assertThat(json.at("/cases/5/problems/0").textValue()).startsWith("cannot read the file ");
    var suite =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("6");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    assertThat(suite.getAttribute("errors")).isEqualTo("2");
  }

  @Test
  void resultsCanBeYaml() throws Exception {
    cases(
        """
        - name: good
          settings: %1$s/settings/good.json
          expect: {settingsValid: true}
        """);
    var yaml = new YAMLMapper().readTree(run("--output", "yaml").out);
    assertThat(yaml.path("passed").intValue()).isOne();
    assertThat(yaml.at("/cases/0/name").asText()).isEqualTo("good");
  }

  @Test
  void aFilterChoosesCases() throws Exception {
    cases(
        """
        - name: Takes good settings
          settings: %1$s/settings/good.json
          expect: {settingsValid: true}
        - name: other
          settings: %1$s/settings/bad.json
          expect: {settingsValid: true}
        """);
    var result = run("--filter", "good");
    assertThat(result.code).as(result.out).isZero();
    assertThat(result.out).contains("1 passed, 0 failed").doesNotContain("other");
    assertThat(run("--filter", "nothing").code).isEqualTo(2);
  }

  @Test
  void whatIsWrittenWronglyIsAUsageError() throws Exception {
    cases("- name: x\n  wants: {}\n");
    var result = run();
    assertThat(result.code).isEqualTo(2);
    assertThat(result.err).contains("cases.yaml: line 2, column 10: a case has no \"wants\"");
  }

  private void cases(String text) throws Exception {
    Files.writeString(folder.resolve("cases.yaml"), text.formatted(SAMPLE));
  }

  private Result run(String... more) {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = new ArrayList<>(List.of("test", folder.toString(), "--timeout", "60s"));
    line.addAll(List.of("--module", SAMPLE.resolve("policy.wasm").toString()));
    line.addAll(List.of("--store", folder.resolve("store").toString()));
    line.addAll(List.of(more));
    var code =
        Warder.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(line.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }
}
