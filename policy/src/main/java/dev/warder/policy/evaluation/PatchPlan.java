package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;

/**
 * What of a mutation is compared in detail, and what is replaced whole because comparing would cost
 * too much: comparing lists is quadratic, and a path can be much longer than what it leads to. Only
 * a policy that means harm, or a huge list, gets there; the patch is then longer, but as right.
 *
 * @param original the document before
 * @param rest the document after, except for the parts that are replaced whole: they are still as
 *     before
 * @param replacements operations for these parts; their paths lead through objects only, so that no
 *     other operation moves them
 */
record PatchPlan(JsonNode original, JsonNode rest, ArrayNode replacements) {

  static PatchPlan of(JsonNode original, JsonNode mutated) {
    var planner = new Planner();
    var rest = planner.plan(original, mutated, Pointer.ROOT);
    return new PatchPlan(original, rest, planner.replacements);
  }

  private static final class Planner {
    private static final int MAX_DEPTH = 64;

    private final ArrayNode replacements = JsonNodeFactory.instance.arrayNode();

    /** Comparisons of two nodes; some tenths of a second. */
    private long work = 50_000_000;

    /** Characters in all paths together. */
    private long pathChars = 8 << 20;

    private JsonNode plan(JsonNode before, JsonNode after, Pointer pointer) {
      if (before.equals(after)) {
        return before;
      }
      if (before.isObject() && after.isObject()) {
        return affordsMembers(before, after, pointer)
            ? planMembers(before, after, pointer)
            : replace(before, after, pointer);
      }
      if (before.isArray() && after.isArray()) {
        return affordsElements(before, after, pointer) ? after : replace(before, after, pointer);
      }
      return after;
    }

    private ObjectNode planMembers(JsonNode before, JsonNode after, Pointer pointer) {
      var rest = Json.object();
      for (var member : after.properties()) {
        var name = member.getKey();
        var old = before.get(name);
        rest.set(
            name, old == null ? member.getValue() : plan(old, member.getValue(), pointer.to(name)));
      }
      return rest;
    }

    private boolean affordsMembers(JsonNode before, JsonNode after, Pointer pointer) {
      return pointer.depth() < MAX_DEPTH
          && takes(0, pointer.chars() * (before.size() + after.size()));
    }

    private boolean affordsElements(JsonNode before, JsonNode after, Pointer pointer) {
      var a = Weight.of(before);
      var b = Weight.of(after);
      var start = commonStart(before, after);
      var end = commonEnd(before, after, start);
      var changedOfA = Weight.ofList(before, start, before.size() - end);
      var changedOfB = Weight.ofList(after, start, after.size() - end);
      var nodes = a.nodes() + b.nodes();
      var changed = changedOfA.elements() + changedOfB.elements();
      // Looking at every level; the search for the longest common subsequence, which takes as many
      // rounds as there are differences; the comparisons in it.
      var comparisons =
          Math.max(a.height(), b.height()) * nodes
              + (a.elements() + b.elements()) * changed
              + 4 * Math.min(a.nodes(), b.nodes()) * changed;
      var longest = pointer.chars() + Math.max(changedOfA.pathChars(), changedOfB.pathChars());
      return takes(comparisons, (changedOfA.nodes() + changedOfB.nodes()) * longest);
    }

    private static int commonStart(JsonNode before, JsonNode after) {
      var shorter = Math.min(before.size(), after.size());
      var common = 0;
      while (common < shorter && before.get(common).equals(after.get(common))) {
        common++;
      }
      return common;
    }

    private static int commonEnd(JsonNode before, JsonNode after, int start) {
      var shorter = Math.min(before.size(), after.size());
      var common = 0;
      while (common < shorter - start
          && before.get(before.size() - 1 - common).equals(after.get(after.size() - 1 - common))) {
        common++;
      }
      return common;
    }

    private boolean takes(long comparisons, long chars) {
      if (comparisons > work || chars > pathChars) {
        return false;
      }
      work -= comparisons;
      pathChars -= chars;
      return true;
    }

    private JsonNode replace(JsonNode before, JsonNode after, Pointer pointer) {
      replacements.addObject().put("op", "replace").put("path", pointer.text()).set("value", after);
      return before;
    }
  }
}
