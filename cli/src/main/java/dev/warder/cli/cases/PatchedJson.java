package dev.warder.cli.cases;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies the patches that Warder makes: they only add, remove and replace. */
final class PatchedJson {
  private static final JsonMapper JSON = new JsonMapper();

  private PatchedJson() {}

  static JsonNode apply(JsonNode original, String patch) {
    try {
      var document = original.deepCopy();
      for (var operation : JSON.readTree(patch)) {
        document = apply(document, operation);
      }
      return document;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a patch of Warder's own is no JSON", e);
    }
  }

  private static JsonNode apply(JsonNode document, JsonNode operation) {
    var path = JsonPointer.compile(operation.path("path").textValue());
    var value = operation.path("value");
    if (path.matches()) {
      return value;
    }
    var parent = document.at(path.head());
    var last = path.last().getMatchingProperty();
    var name = operation.path("op").textValue();
    if (parent instanceof ObjectNode object) {
      if (name.equals("remove")) {
        object.remove(last);
      } else {
        object.set(last, value);
      }
    } else if (parent instanceof ArrayNode array) {
      var index = last.equals("-") ? array.size() : path.last().getMatchingIndex();
      switch (name) {
        case "remove" -> array.remove(index);
        case "add" -> array.insert(index, value);
        default -> array.set(index, value);
      }
    } else {
      throw new IllegalStateException("a patch of Warder's own leads nowhere: " + operation);
    }
    return document;
  }
}
