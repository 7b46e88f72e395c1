package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.warder.policy.json.Json;
import java.math.BigDecimal;

/** Gives equal numbers equal nodes: 1, 1.0 and 10e-1 are one number written in three ways. */
final class Numbers {
  /** Above, a number such as 1e999 stays short: writing it out would cost more than it came in. */
  private static final int MAX_INTEGER_DIGITS = 40;

  /** Beyond, the arithmetic of exponents overflows. */
  private static final int MAX_SCALE = 1_000_000;

  private Numbers() {}

  /** A document with every number in its one form; the document itself if it is like that. */
  static JsonNode canonical(JsonNode node) {
    return isCanonical(node) ? node : rebuilt(node);
  }

  /** Almost every document is: nearly all numbers in Kubernetes are small integers. */
  private static boolean isCanonical(JsonNode node) {
    if (node.isNumber()) {
      return node.isInt() || node.isLong();
    }
    for (var child : node) {
      if (!isCanonical(child)) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode rebuilt(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var copy = Json.object();
        node.properties().forEach(m -> copy.set(m.getKey(), rebuilt(m.getValue())));
        yield copy;
      }
      case ARRAY -> {
        var copy = JsonNodeFactory.instance.arrayNode(node.size());
        node.forEach(element -> copy.add(rebuilt(element)));
        yield copy;
      }
      case NUMBER -> node.isInt() || node.isLong() ? node : canonicalNumber(node.decimalValue());
      default -> node;
    };
  }

  private static JsonNode canonicalNumber(BigDecimal number) {
    if (Math.abs((long) number.scale()) > MAX_SCALE) {
      return DecimalNode.valueOf(number);
    }
    var shortest = number.stripTrailingZeros();
    var integerDigits = (long) shortest.precision() - shortest.scale();
    if (shortest.scale() > 0 || integerDigits > MAX_INTEGER_DIGITS) {
      return DecimalNode.valueOf(shortest);
    }
    var integer = shortest.toBigInteger();
    var bits = integer.bitLength();
    if (bits < Integer.SIZE) {
      return IntNode.valueOf(integer.intValue());
    }
    return bits < Long.SIZE
        ? LongNode.valueOf(integer.longValue())
        : BigIntegerNode.valueOf(integer);
  }
}
