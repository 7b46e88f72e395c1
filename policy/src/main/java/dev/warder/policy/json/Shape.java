package dev.warder.policy.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a JSON value has to look like. Fitting a value gives a copy that holds only what the shape
 * knows: unknown members are dropped, and an optional member that is null becomes absent.
 */
@FunctionalInterface
public interface Shape {
  Shape ANY = (value, place) -> value;
  Shape TEXT = scalar("a string", JsonNode::isTextual);
  Shape BOOLEAN = scalar("a boolean", JsonNode::isBoolean);

  /** An HTTP status, or what policies take for one: 16 bits without a sign. */
  Shape CODE =
      scalar(
          "an integer from 0 to 65535",
          value ->
              value.isIntegralNumber()
                  && value.canConvertToInt()
                  && value.intValue() >= 0
                  && value.intValue() <= 0xffff);

  /** A byte of what has no form of its own in JSON. */
  Shape BYTE =
      scalar(
          "an integer from 0 to 255",
          value ->
              value.isIntegralNumber()
                  && value.canConvertToInt()
                  && value.intValue() >= 0
                  && value.intValue() <= 0xff);

  JsonNode fit(JsonNode value, Place place) throws MisfitException;

  /**
   * Fits a whole document.
   *
   * @param name of the document, for messages
   */
  default JsonNode fit(JsonNode document, String name) throws MisfitException {
    return fit(document, Place.root(name));
  }

  static Members object() {
    return new Members(Map.of());
  }

  static Shape listOf(Shape element) {
    return (value, place) -> {
      require(value.isArray(), "a list", value, place);
      var fitted = JsonNodeFactory.instance.arrayNode(value.size());
      for (var i = 0; i < value.size(); i++) {
        fitted.add(element.fit(value.get(i), place.element(i)));
      }
      return fitted;
    };
  }

  /** As the other shape says, or null. */
  static Shape nullOr(Shape other) {
    return (value, place) -> value.isNull() ? value : other.fit(value, place);
  }

  static Shape mapOf(Shape member) {
    return (value, place) -> {
      require(value.isObject(), "an object", value, place);
      var fitted = Json.object();
      for (var entry : value.properties()) {
        fitted.set(entry.getKey(), member.fit(entry.getValue(), place.member(entry.getKey())));
      }
      return fitted;
    };
  }

  private static Shape scalar(String what, Predicate<JsonNode> test) {
    return (value, place) -> {
      require(test.test(value), what, value, place);
      return value;
    };
  }

  private static void require(boolean fits, String wanted, JsonNode value, Place place)
      throws MisfitException {
    if (!fits) {
      throw new MisfitException("%s must be %s, not %s".formatted(place, wanted, kind(value)));
    }
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case NULL -> "null";
      case NUMBER -> "the number " + value.asText();
      default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  /** An object with known members, which come out in the order in which they are added here. */
  final class Members implements Shape {
    private record Member(Shape shape, boolean required) {}

    private final Map<String, Member> members;

    private Members(Map<String, Member> members) {
      this.members = members;
    }

    public Members required(String name, Shape shape) {
      return with(name, new Member(shape, true));
    }

    public Members optional(String name, Shape shape) {
      return with(name, new Member(shape, false));
    }

    private Members with(String name, Member member) {
      var more = new LinkedHashMap<>(members);
      more.put(name, member);
      return new Members(more);
    }

    @Override
    public JsonNode fit(JsonNode value, Place place) throws MisfitException {
      require(value.isObject(), "an object", value, place);
      var fitted = Json.object();
      for (var entry : members.entrySet()) {
        var name = entry.getKey();
        var member = entry.getValue();
        var found = value.path(name);
        if (member.required() && found.isMissingNode()) {
          throw new MisfitException(place.member(name) + " is missing");
        }
        if (member.required() || !(found.isMissingNode() || found.isNull())) {
          fitted.set(name, member.shape().fit(found, place.member(name)));
        }
      }
      return fitted;
    }
  }
}
