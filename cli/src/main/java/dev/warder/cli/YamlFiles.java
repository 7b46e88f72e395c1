package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import java.io.IOException;
import java.nio.file.Path;

/** Documents in YAML or JSON. */
final class YamlFiles {
  private static final YAMLMapper YAML = new YAMLMapper();

  private YamlFiles() {}

  static JsonNode read(Path file) throws IOException {
    try {
      return YAML.readTree(LocalFiles.read(file));
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(
          "the file " + file + " cannot be parsed: " + e.getOriginalMessage(), e);
    }
  }
}
