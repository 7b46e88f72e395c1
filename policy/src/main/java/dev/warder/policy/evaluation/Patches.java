package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import dev.warder.policy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;

/**
 * JSON Patches (RFC 6902) of add, remove and replace only.
 *
 * <p>Numbers that are mathematically equal are the same, as in RFC 6902's {@code test}: a policy
 * whose language reads 1.0 and writes 1 has not mutated anything.
 */
final class Patches {
  private static final EnumSet<DiffFlags> FLAGS =
      EnumSet.of(
          DiffFlags.OMIT_VALUE_ON_REMOVE,
          DiffFlags.OMIT_MOVE_OPERATION,
          DiffFlags.OMIT_COPY_OPERATION);

  private Patches() {}

  /** The patch as JSON text; empty if there is nothing to change. */
  static Optional<String> between(JsonNode original, JsonNode mutated) {
    var operations = operations(original, mutated);
    return operations.isEmpty()
        ? Optional.empty()
        : Optional.of(new String(Json.write(operations), StandardCharsets.UTF_8));
  }

  static ArrayNode operations(JsonNode original, JsonNode mutated) {
    var plan = PatchPlan.of(Numbers.canonical(original), Numbers.canonical(mutated));
    var operations = (ArrayNode) JsonDiff.asJson(plan.original(), plan.rest(), FLAGS);
    return operations.addAll(plan.replacements());
  }
}
