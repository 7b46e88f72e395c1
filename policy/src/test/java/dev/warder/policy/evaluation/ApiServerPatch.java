package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * Applies a JSON Patch by the letter of RFC 6902 and as strictly as an API server: replace and
 * remove need something to be there, indices are plain numbers within the list.
 */
final class ApiServerPatch {
  private ApiServerPatch() {}

  static JsonNode apply(JsonNode document, JsonNode operations) {
    var patched = document.deepCopy();
    for (var operation : operations) {
      patched = applyOne(patched, operation);
    }
    return patched;
  }

  private static JsonNode applyOne(JsonNode document, JsonNode operation) {
    var op = operation.path("op").textValue();
    var path = operation.path("path").textValue();
    require(path != null && (path.isEmpty() || path.startsWith("/")), "a path", operation);
    require(operation.has("value") == !"remove".equals(op), "a value, unless removing", operation);
    if (path.isEmpty()) {
      require("replace".equals(op), "that only replace works at the root", operation);
      return operation.path("value");
    }
    var tokens = path.split("/", -1);
    var parent = document;
    for (var token : Arrays.asList(tokens).subList(1, tokens.length - 1)) {
      parent = child(parent, unescape(token), operation);
    }
    var last = unescape(tokens[tokens.length - 1]);
    switch (parent) {
      case ObjectNode object -> applyToObject(object, last, op, operation);
      case ArrayNode array -> applyToArray(array, last, op, operation);
      default -> require(false, "an object or a list as parent", operation);
    }
    return document;
  }

  private static void applyToObject(ObjectNode object, String name, String op, JsonNode operation) {
    switch (op) {
      case "add" -> object.set(name, operation.path("value"));
      case "replace" -> {
        require(object.has(name), "something to replace", operation);
        object.set(name, operation.path("value"));
      }
      case "remove" -> {
        require(object.has(name), "something to remove", operation);
        object.remove(name);
      }
      default -> require(false, "add, replace or remove", operation);
    }
  }

  private static void applyToArray(ArrayNode array, String index, String op, JsonNode operation) {
    require(index.matches("0|[1-9][0-9]*"), "an index", operation);
    var at = Integer.parseInt(index);
    require(at < array.size() + (op.equals("add") ? 1 : 0), "an index in the list", operation);
    switch (op) {
      case "add" -> array.insert(at, operation.path("value"));
      case "replace" -> array.set(at, operation.path("value"));
      case "remove" -> array.remove(at);
      default -> require(false, "add, replace or remove", operation);
    }
  }

  private static JsonNode child(JsonNode parent, String token, JsonNode operation) {
    var child = parent.isArray() ? parent.get(Integer.parseInt(token)) : parent.get(token);
    require(child != null, "a parent", operation);
    return child;
  }

  private static String unescape(String token) {
    return token.replace("~1", "/").replace("~0", "~");
  }

  private static void require(boolean holds, String what, JsonNode operation) {
    if (!holds) {
      throw new AssertionError("needs " + what + ": " + operation);
    }
  }
}
