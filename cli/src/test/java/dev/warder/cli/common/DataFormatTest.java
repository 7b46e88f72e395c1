package dev.warder.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class DataFormatTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text);
  }

  private static String printed(DataFormat format, JsonNode document) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    format.print(out, document, () -> out.println("a table"));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"table,TABLE", "text,TABLE", "Table,TABLE", "json,JSON", "JSON,JSON", "yaml,YAML"})
  void isCalled(String name, DataFormat format) {
    assertThat(new DataFormat.Converter().convert(name)).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xml", "yml", "tables", "jsonl"})
  void nothingElse(String name) {
    assertThatThrownBy(() -> new DataFormat.Converter().convert(name))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("is none of table, json, yaml");
  }

  @Test
  void printsTheDocumentOrTheTable() throws Exception {
    var document = json("{\"a\":{\"b\":[1,true]}}");
    assertThat(printed(DataFormat.TABLE, document)).isEqualTo("a table\n");
    assertThat(json(printed(DataFormat.JSON, document))).isEqualTo(document);
    assertThat(printed(DataFormat.JSON, document)).contains("\n  \"a\"").endsWith("}\n");
    assertThat(printed(DataFormat.YAML, document)).isEqualTo("a:\n  b:\n  - 1\n  - true\n");
  }

  @Test
  void severalDocumentsAreToldApart() throws Exception {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    for (var format : DataFormat.values()) {
      format.printOne(out, json("{\"a\":{\"b\":1}}"), () -> out.println("a table"));
    }
    assertThat(text.toString()).isEqualTo("a table\n{\"a\":{\"b\":1}}\n---\na:\n  b: 1\n");
  }

  /** What reads YAML 1.1 must find a text where one is, and so must what reads 1.2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "~",
        "null",
        "Null",
        "true",
        "yes",
        "No",
        "on",
        "y",
        "n",
        "1",
        "-1",
        "1.5",
        "+1",
        "1e3",
        "1E3",
        ".5",
        "5.",
        "0x1F",
        "0o17",
        "017",
        "1_000",
        "1:30",
        "0b1",
        ".inf",
        "-.Inf",
        ".nan",
        "=",
        "<<",
        "- a",
        "-",
        "?",
        ": a",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "[a",
        "{a",
        "a,b",
        "'a'",
        "\"a\"",
        "a\nb",
        "a\n",
        "\na",
        " a",
        "a ",
        "a\tb",
        "\u0000",
        "\u001b[0m",
        "ä",
        "\ud83d\ude00",
        "---",
        "...",
        "a\r\nb",
        "2026-01-01T00:00:00Z",
        "sha256:0123456789"
      })
  void textsStayTextsInYaml(String text) throws Exception {
    var document = JSON.createObjectNode().put("a", text);
    document.putArray("b").add(text);
    document.putObject("c").put(text, 1);
    var yaml = printed(DataFormat.YAML, document);
    assertThat(new YAMLMapper().readTree(yaml)).as(yaml).isEqualTo(document);
    assertThat(YamlTree.json(YamlTree.parse(yaml))).as(yaml).hasToString(document.toString());
  }

  /** As escapes, which the reader of 1.2 does not know, though the specification has them. */
  @Test
  void lineSeparatorsOfUnicodeAreNotEndsOfLines() throws Exception {
    var document = JSON.createObjectNode().put("a", "b\u2028c\u0085d");
    var yaml = printed(DataFormat.YAML, document);
    assertThat(yaml).isEqualTo("a: \"b\\Lc\\Nd\"\n");
    assertThat(new YAMLMapper().readTree(yaml)).isEqualTo(document);
  }
}
