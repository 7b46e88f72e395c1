package dev.warder.cli.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.TreeSet;

/** Where two documents differ. */
final class JsonDifference {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonDifference() {}

  /** The first difference for people; empty if there is none. */
  static Optional<String> between(JsonNode wanted, JsonNode got) {
    return between("", normal(wanted), normal(got));
  }

  /** The same number may be of several classes, depending on who read it. */
  private static JsonNode normal(JsonNode json) {
    try {
      return JSON.readTree(json.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was JSON is none when written", e);
    }
  }

  private static Optional<String> between(String at, JsonNode wanted, JsonNode got) {
    if (wanted.equals(got)) {
      return Optional.empty();
    }
    if (wanted.isObject() && got.isObject()) {
      var names = new TreeSet<String>();
      wanted.fieldNames().forEachRemaining(names::add);
      got.fieldNames().forEachRemaining(names::add);
      for (var name : names) {
        var found = between(at + "/" + name, wanted.path(name), got.path(name));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    if (wanted.isArray() && got.isArray()) {
      for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
        var found = between(at + "/" + i, wanted.path(i), got.path(i));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.of(
        "%s: expected %s, was %s".formatted(at.isEmpty() ? "/" : at, text(wanted), text(got)));
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "nothing" : value.toString();
  }
}
