package dev.warder.policy.host.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which members of objects are kept: paths with dots, through lists as if they were not there; a
 * path to an inner member keeps all that is below it. What every object has, {@code apiVersion},
 * {@code kind} and {@code metadata}, is always kept. Without paths everything is.
 */
final class FieldMask {
  private static final Set<String> ALWAYS = Set.of("apiVersion", "kind", "metadata");
  private static final int MAX_PATHS = 256;
  private static final int MAX_CHARS = 1024;
  private static final int MAX_DEPTH = 64;

  private final Node root;
  private final boolean everything;

  /** What is kept below a member; of a leaf, everything. */
  private record Node(Map<String, Node> members) {
    boolean isLeaf() {
      return members.isEmpty();
    }
  }

  private FieldMask(Node root, boolean everything) {
    this.root = root;
    this.everything = everything;
  }

  /** The paths that a payload asks for, in one order, each once. */
  static Set<String> asked(JsonNode payload) throws ReadFailedException {
    var paths = new ArrayList<String>();
    payload.path("field_masks").forEach(path -> paths.add(path.textValue()));
    return normal(paths);
  }

  /** The paths in one order, each once, so that equal masks look equal. */
  static Set<String> normal(Collection<String> paths) throws ReadFailedException {
    if (paths.size() > MAX_PATHS) {
      throw new ReadFailedException("there are more than " + MAX_PATHS + " field_masks");
    }
    for (var path : paths) {
      if (path.isEmpty() || path.length() > MAX_CHARS || path.split("\\.", -1).length > MAX_DEPTH) {
        throw new ReadFailedException(
            "a field mask is empty, longer than " + MAX_CHARS + " or too deep");
      }
    }
    return new TreeSet<>(paths);
  }

  /** Of paths that are in order: an inner path comes before those below it. */
  static FieldMask of(Collection<String> paths) {
    var root = new Node(new LinkedHashMap<>());
    for (var path : paths) {
      add(root, path.split("\\.", -1));
    }
    return new FieldMask(root, paths.isEmpty());
  }

  private static void add(Node root, String[] steps) {
    var node = root;
    for (var i = 0; i < steps.length; i++) {
      var known = node.members().get(steps[i]);
      if (known == null) {
        known = new Node(new LinkedHashMap<>());
        node.members().put(steps[i], known);
      } else if (known.isLeaf()) {
        // A shorter path keeps all of this already.
        return;
      }
      node = known;
    }
    node.members().clear();
  }

  /** Removes what is not kept. */
  void prune(ObjectNode object) {
    if (everything) {
      return;
    }
    for (var name : names(object)) {
      if (!ALWAYS.contains(name)) {
        pruneMember(object, name, root);
      }
    }
  }

  private static void pruneMember(ObjectNode object, String name, Node kept) {
    var below = kept.members().get(name);
    if (below == null) {
      object.remove(name);
    } else if (!below.isLeaf()) {
      prune(object.path(name), below);
    }
  }

  private static void prune(JsonNode value, Node kept) {
    if (value instanceof ObjectNode object) {
      names(object).forEach(name -> pruneMember(object, name, kept));
    } else if (value instanceof ArrayNode array) {
      array.forEach(element -> prune(element, kept));
    }
  }

  private static Collection<String> names(ObjectNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
