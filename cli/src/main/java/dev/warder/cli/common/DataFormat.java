package dev.warder.cli.common;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a command prints what it found: for people or for programs. */
public enum DataFormat {
  TABLE,
  JSON,
  YAML;

  /** What the help of commands calls it. */
  public static final String LABEL = "table|json|yaml";

  private static final JsonMapper LINE = new JsonMapper();
  private static final JsonMapper INDENTED =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Takes {@code text} too, an older name of {@code table}. */
  public static final class Converter implements ITypeConverter<DataFormat> {
    @Override
    public DataFormat convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "table", "text" -> TABLE;
        case "json" -> JSON;
        case "yaml" -> YAML;
        default -> throw new TypeConversionException("'" + text + "' is none of table, json, yaml");
      };
    }
  }

  /** Prints a document, or what stands for it in a table. */
  public void print(PrintWriter out, JsonNode document, Runnable table) {
    switch (this) {
      case TABLE -> table.run();
      case JSON -> out.println(json(INDENTED, document));
      case YAML -> out.print(YamlText.of(document));
    }
    out.flush();
  }

  /** Prints one of several documents so that they can be told apart. */
  public void printOne(PrintWriter out, JsonNode document, Runnable table) {
    switch (this) {
      case TABLE -> table.run();
      case JSON -> out.println(json(LINE, document));
      case YAML -> {
        out.println("---");
        out.print(YamlText.of(document));
      }
    }
    out.flush();
  }

  private static String json(JsonMapper mapper, JsonNode document) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
