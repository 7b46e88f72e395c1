package dev.warder.operator.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The API server's own record of who wrote what. */
final class AuditLog {
  private static final String WARDER = "system:serviceaccount:" + Cluster.NAMESPACE + ":warder";

  private final ObjectMapper json = new ObjectMapper();
  private final Path file;

  AuditLog(Cluster cluster) {
    file = cluster.controlPlane().auditLog().orElseThrow();
  }

  /** All writes of Warder so far, as {@code verb URI}; dry runs too. */
  List<String> writesOfWarder() {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains(WARDER))
          .map(this::read)
          .filter(event -> event.at("/user/username").asText().equals(WARDER))
          .map(event -> event.get("verb").asText() + " " + event.get("requestURI").asText())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode read(String line) {
    try {
      return json.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
