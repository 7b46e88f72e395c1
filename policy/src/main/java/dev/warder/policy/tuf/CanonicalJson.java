package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.verify.UnverifiedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * The one way to write a document that signatures of TUF are over: members in the order of their
 * names, no white space, integers only, and in strings nothing escaped but quotes and backslashes.
 */
final class CanonicalJson {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CanonicalJson() {}

  static byte[] of(JsonNode document) throws UnverifiedException {
    var json = new CanonicalJson();
    json.write(document);
    return json.out.toByteArray();
  }

  private void write(JsonNode node) throws UnverifiedException {
    switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> array(node);
      case STRING -> string(node.textValue());
      case NUMBER -> {
        require(node.isIntegralNumber(), "it has a number that is no integer");
        raw(node.bigIntegerValue().toString());
      }
      case BOOLEAN, NULL -> raw(node.asText());
      default -> throw new UnverifiedException("it has a value that is not of JSON");
    }
  }

  private void object(JsonNode node) throws UnverifiedException {
    var members =
        node.properties().stream()
            // By code points, which a comparison of strings is not.
            .sorted((one, other) -> Arrays.compareUnsigned(utf8(one), utf8(other)))
            .toList();
    raw("{");
    var separator = "";
    for (var member : members) {
      raw(separator);
      string(member.getKey());
      raw(":");
      write(member.getValue());
      separator = ",";
    }
    raw("}");
  }

  private static byte[] utf8(Map.Entry<String, JsonNode> member) {
    return member.getKey().getBytes(StandardCharsets.UTF_8);
  }

  private void array(JsonNode node) throws UnverifiedException {
    raw("[");
    var separator = "";
    for (var element : node) {
      raw(separator);
      write(element);
      separator = ",";
    }
    raw("]");
  }

  private void string(String text) {
    raw("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
  }

  private void raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
