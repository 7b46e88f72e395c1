package dev.warder.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** The AdmissionReview that is judged. */
final class Review {
  private static final JsonMapper JSON = new JsonMapper();

  private Review() {}

  /** Without white space, as an API server sends it. */
  static byte[] compact(Path file) throws IOException {
    return JSON.writeValueAsBytes(JSON.readTree(file.toFile()));
  }

  /** The same about an object of another name. */
  static byte[] named(Path file, String name) throws IOException {
    var review = JSON.readTree(file.toFile());
    ((ObjectNode) review.path("request")).put("name", name);
    return JSON.writeValueAsBytes(review);
  }

  /** The same about an object that is in no namespace. */
  static byte[] withoutNamespace(Path file) throws IOException {
    var review = JSON.readTree(file.toFile());
    ((ObjectNode) review.path("request")).remove("namespace");
    return JSON.writeValueAsBytes(review);
  }

  /** What a policy reads from standard input to judge it. */
  static byte[] stdin(Path file, JsonNode settings) throws IOException {
    var input = JsonNodeFactory.instance.objectNode();
    input.set("request", JSON.readTree(file.toFile()).path("request"));
    input.set("settings", settings);
    return JSON.writeValueAsBytes(input);
  }
}
