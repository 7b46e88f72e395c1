package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.warder.policy.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Random JSON documents, small and with few names, so that two of them have much in common. */
final class JsonArbitraries {
  private JsonArbitraries() {}

  static Arbitrary<JsonNode> documents() {
    return nested(3);
  }

  private static Arbitrary<JsonNode> nested(int depth) {
    if (depth == 0) {
      return scalars();
    }
    var inner = Arbitraries.lazy(() -> nested(depth - 1));
    return Arbitraries.frequencyOf(
        Tuple.of(2, scalars()),
        Tuple.of(3, inner.list().ofMaxSize(6).map(JsonArbitraries::array)),
        Tuple.of(4, Arbitraries.maps(names(), inner).ofMaxSize(5).map(JsonArbitraries::object)));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of(
        "", "a", "b", "/", "~", "~1", "~0/", "a/b", "0", "1", "-", "01", " ", "ü", "🦊", "\"\\\n",
        "\u0000");
  }

  private static Arbitrary<JsonNode> scalars() {
    return Arbitraries.of(
        NullNode.instance,
        BooleanNode.TRUE,
        BooleanNode.FALSE,
        TextNode.valueOf(""),
        TextNode.valueOf("a"),
        TextNode.valueOf("1"),
        TextNode.valueOf("🦊~/"),
        IntNode.valueOf(0),
        IntNode.valueOf(1),
        IntNode.valueOf(-1),
        LongNode.valueOf(Long.MAX_VALUE),
        BigIntegerNode.valueOf(BigInteger.ONE.shiftLeft(64)),
        decimal("0.0"),
        decimal("1.0"),
        decimal("1.50"),
        decimal("1.5"),
        decimal("10e-1"),
        decimal("1E+30"),
        decimal("1E+999999999"),
        decimal("10E+999999998"),
        decimal("1E-999999999"));
  }

  private static JsonNode decimal(String number) {
    return DecimalNode.valueOf(new BigDecimal(number));
  }

  private static JsonNode array(List<JsonNode> elements) {
    return JsonNodeFactory.instance.arrayNode().addAll(elements);
  }

  private static JsonNode object(Map<String, JsonNode> members) {
    return Json.object().setAll(members);
  }
}
