package dev.warder.cli.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.flipkart.zjsonpatch.JsonPatch;

/** Applies the patches that Warder makes. */
final class PatchedJson {
  private static final JsonMapper JSON = new JsonMapper();

  private PatchedJson() {}

  static JsonNode apply(JsonNode original, String patch) {
    try {
      return JsonPatch.apply(JSON.readTree(patch), original);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a patch of Warder's own is no JSON", e);
    }
  }
}
