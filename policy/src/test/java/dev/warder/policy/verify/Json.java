package dev.warder.policy.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes the documents of the tests. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Json() {}

  /** Members in the order of their names, which is canonical for plain texts and numbers. */
  static String write(Map<String, ?> members) {
    try {
      return MAPPER.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(Map<String, ?> members) {
    return write(members).getBytes(StandardCharsets.UTF_8);
  }

  static String descriptor(String type, Digest digest, int size, Map<String, String> annotations) {
    return write(
        Map.of(
            "mediaType",
            type,
            "digest",
            digest.toString(),
            "size",
            size,
            "annotations",
            annotations));
  }

  static String manifest(List<String> layers) {
    return "{\"schemaVersion\":2,\"layers\":[%s]}".formatted(String.join(",", layers));
  }
}
