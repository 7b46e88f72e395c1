package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How much there is to compare in a document.
 *
 * @param nodes values, with long texts counted as several
 * @param elements members of all lists in it together
 * @param height levels of nesting
 * @param pathChars the longest path in it
 */
record Weight(long nodes, long elements, long height, long pathChars) {
  private static final int TEXT_CHARS_PER_NODE = 32;
  private static final int INDEX_CHARS = 8;

  static Weight of(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> ofList(node, 0, node.size());
      case OBJECT -> ofObject(node);
      case STRING -> leaf(1 + node.textValue().length() / TEXT_CHARS_PER_NODE);
      default -> leaf(1);
    };
  }

  /** The weight of a part of a list. */
  static Weight ofList(JsonNode list, int from, int to) {
    var sum = new Weight(1, to - from, 1, 0);
    for (var i = from; i < to; i++) {
      sum = sum.with(of(list.get(i)), INDEX_CHARS);
    }
    return sum;
  }

  private static Weight leaf(long nodes) {
    return new Weight(nodes, 0, 1, 0);
  }

  private static Weight ofObject(JsonNode object) {
    var sum = leaf(1);
    for (var member : object.properties()) {
      sum = sum.with(of(member.getValue()), Pointer.maxChars(member.getKey()));
    }
    return sum;
  }

  private Weight with(Weight child, long chars) {
    return new Weight(
        nodes + child.nodes,
        elements + child.elements,
        Math.max(height, child.height + 1),
        Math.max(pathChars, child.pathChars + chars));
  }
}
