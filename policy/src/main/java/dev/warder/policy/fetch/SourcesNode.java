package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a file of sources.
 *
 * @param where it is, for messages
 * @param folder that relative paths start from
 */
record SourcesNode(JsonNode json, String where, Path folder) {
  private static final int MAX_FILE_BYTES = 1024 * 1024;

  boolean isNothing() {
    return json.isMissingNode() || json.isNull();
  }

  SourcesNode at(String key) {
    return new SourcesNode(json.path(key), key, folder);
  }

  /** Refuses what is no object, or has other keys. */
  void allow(Set<String> keys) throws UnusableSourcesException {
    check(json.isObject(), "is not an object");
    for (var key : json.properties()) {
      check(keys.contains(key.getKey()), "has the unknown key \"" + key.getKey() + "\"");
    }
  }

  /** The members of an object, in its order; none if it is not there. */
  Map<String, SourcesNode> members() throws UnusableSourcesException {
    check(isNothing() || json.isObject(), "is not an object");
    var members = new LinkedHashMap<String, SourcesNode>();
    for (var member : json.properties()) {
      members.put(
          member.getKey(),
          new SourcesNode(member.getValue(), where + "." + member.getKey(), folder));
    }
    return members;
  }

  /** The elements of a list; none if it is not there. */
  List<SourcesNode> elements() throws UnusableSourcesException {
    check(isNothing() || json.isArray(), "is not a list");
    var elements = new ArrayList<SourcesNode>();
    for (var element : json) {
      elements.add(new SourcesNode(element, where + "[" + elements.size() + "]", folder));
    }
    return elements;
  }

  /** A text that is not empty. */
  String text() throws UnusableSourcesException {
    check(json.isTextual() && !json.asText().isBlank(), "is not a text");
    return json.asText();
  }

  /** The content that {@code {type: Data, data}} holds or {@code {type: Path, path}} points at. */
  byte[] content() throws UnusableSourcesException {
    allow(Set.of("type", "data", "path"));
    var type = json.path("type").asText();
    check(
        json.has("data") != json.has("path") && type.equals(json.has("data") ? "Data" : "Path"),
        "is neither {type: Data, data: …} nor {type: Path, path: …}");
    return type.equals("Data")
        ? at("data").text().getBytes(StandardCharsets.UTF_8)
        : read(at("path").text());
  }

  private byte[] read(String path) throws UnusableSourcesException {
    try (var in = Files.newInputStream(folder.resolve(path))) {
      var content = in.readNBytes(MAX_FILE_BYTES + 1);
      check(content.length <= MAX_FILE_BYTES, "points at more than " + MAX_FILE_BYTES + " bytes");
      return content;
    } catch (IOException | InvalidPathException e) {
      throw unusable("points at the file " + path + ", which cannot be read");
    }
  }

  <T> T value(Outcome<T> outcome) throws UnusableSourcesException {
    return switch (outcome) {
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var failure) -> throw new UnusableSourcesException(failure.message());
    };
  }

  void check(boolean good, String problem) throws UnusableSourcesException {
    if (!good) {
      throw unusable(problem);
    }
  }

  private UnusableSourcesException unusable(String problem) {
    return new UnusableSourcesException(where + " " + problem);
  }
}
