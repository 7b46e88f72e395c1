package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a command prints what it found. */
enum DataFormat {
  TABLE,
  JSON,
  YAML;

  /** For people or programs; {@code text} is an older name of {@code table}. */
  static final class Converter implements ITypeConverter<DataFormat> {
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
  void print(PrintWriter out, JsonNode document, Runnable table) throws IOException {
    switch (this) {
      case TABLE -> table.run();
      case JSON ->
          out.println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(document));
      case YAML -> out.print(YamlFiles.text(document));
    }
    out.flush();
  }
}
