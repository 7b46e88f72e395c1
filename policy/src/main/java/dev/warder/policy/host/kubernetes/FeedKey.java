package dev.warder.policy.host.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.metadata.ContextAwareResource;
import java.util.List;
import java.util.Optional;

/**
 * What a list depends on.
 *
 * @param namespace empty for all of them
 * @param masks in order, each once
 */
record FeedKey(
    String apiVersion,
    String kind,
    Optional<String> namespace,
    Optional<String> labels,
    Optional<String> fields,
    List<String> masks) {
  private static final int MAX_SELECTOR_CHARS = 4096;

  /** Everything of a kind. */
  static FeedKey all(ContextAwareResource resource) {
    return new FeedKey(
        resource.apiVersion(),
        resource.kind(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Of a payload in its shape. */
  static FeedKey of(JsonNode payload) throws ReadFailedException {
    var key =
        new FeedKey(
            payload.path("api_version").textValue(),
            payload.path("kind").textValue(),
            text(payload, "namespace"),
            text(payload, "label_selector").filter(selector -> !selector.isBlank()),
            text(payload, "field_selector").filter(selector -> !selector.isBlank()),
            List.copyOf(FieldMask.asked(payload)));
    PathText.requireKind(key.apiVersion(), key.kind());
    if (key.namespace().isPresent()) {
      PathText.requireNamespace(key.namespace().get());
    }
    if (key.labels().map(String::length).orElse(0) > MAX_SELECTOR_CHARS
        || key.fields().map(String::length).orElse(0) > MAX_SELECTOR_CHARS) {
      throw new ReadFailedException(
          "a selector is longer than " + MAX_SELECTOR_CHARS + " characters");
    }
    if (key.fields().isPresent()) {
      FieldSelector.check(key.fields().get());
    }
    return key;
  }

  private static Optional<String> text(JsonNode payload, String name) {
    return Optional.ofNullable(payload.path(name).textValue());
  }

  ContextAwareResource resource() {
    return new ContextAwareResource(apiVersion, kind);
  }

  /** For people. */
  String text() {
    return "%s/%s%s%s%s"
        .formatted(
            apiVersion,
            kind,
            namespace.map(" in namespace "::concat).orElse(""),
            labels.map(" with labels "::concat).orElse(""),
            fields.map(" with fields "::concat).orElse(""));
  }
}
