package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * JSON that others wrote and that everybody must read in the same way: one object in UTF-8, no name
 * twice, nothing behind it. What is read is named in messages as {@code what}.
 */
public record StrictJson(String what, JsonNode node) {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_TOKENS = 200_000;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNumberLength(100)
                          .build())
                  // Names come from outside: interning fills a table that is never emptied.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  public static StrictJson read(String what, byte[] utf8) throws UnverifiedException {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      var node = MAPPER.readTree(text);
      require(node.isObject(), what + " is no JSON object");
      return new StrictJson(what, node);
    } catch (CharacterCodingException _) {
      throw new UnverifiedException(what + " is not UTF-8");
    } catch (JsonProcessingException e) {
      // The parser's own words quote what others wrote.
      var at = e.getLocation();
      throw new UnverifiedException(
          "%s is no JSON, or has a name twice (line %d, column %d)"
              .formatted(what, at.getLineNr(), at.getColumnNr()));
    } catch (NumberFormatException _) {
      throw new UnverifiedException(what + " has a number beyond all bounds");
    }
  }

  public boolean has(String name) {
    return !node.path(name).isMissingNode() && !node.path(name).isNull();
  }

  /** An object; one that is not there has no members. */
  public StrictJson object(String name) throws UnverifiedException {
    var child = node.path(name);
    require(child.isObject() || child.isMissingNode() || child.isNull(), name(name, "an object"));
    return new StrictJson(what + "." + name, child.isNull() ? MissingNode.getInstance() : child);
  }

  /** Objects; a list that is not there is empty. */
  public List<StrictJson> objects(String name, int max) throws UnverifiedException {
    var objects = new ArrayList<StrictJson>();
    for (var child : list(name, max)) {
      require(child.isObject(), name(name, "a list of objects"));
      objects.add(new StrictJson("%s.%s[%d]".formatted(what, name, objects.size()), child));
    }
    return List.copyOf(objects);
  }

  /** Base64 texts; a list that is not there is empty. */
  List<Bytes> byteStrings(String name, int max) throws UnverifiedException {
    var strings = new ArrayList<Bytes>();
    for (var child : list(name, max)) {
      strings.add(decoded(name, child));
    }
    return List.copyOf(strings);
  }

  private JsonNode list(String name, int max) throws UnverifiedException {
    var list = node.path(name);
    require(list.isArray() || list.isMissingNode() || list.isNull(), name(name, "a list"));
    require(list.size() <= max, "%s.%s has more than %d entries".formatted(what, name, max));
    return list;
  }

  public String text(String name) throws UnverifiedException {
    var child = node.path(name);
    require(child.isTextual(), name(name, "a text"));
    return child.textValue();
  }

  public Optional<String> optionalText(String name) throws UnverifiedException {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  public Bytes bytes(String name) throws UnverifiedException {
    return decoded(name, node.path(name));
  }

  Optional<Bytes> optionalBytes(String name) throws UnverifiedException {
    return has(name) ? Optional.of(bytes(name)) : Optional.empty();
  }

  private Bytes decoded(String name, JsonNode child) throws UnverifiedException {
    return Optional.ofNullable(child.textValue())
        .flatMap(Bytes::ofBase64)
        .orElseThrow(() -> new UnverifiedException(name(name, "base64")));
  }

  /** A number that is not negative, also as a text, as protobuf writes those of 64 bits. */
  public long number(String name) throws UnverifiedException {
    var child = node.path(name);
    try {
      var number = child.isIntegralNumber() ? child.bigIntegerValue() : new BigInteger(text(name));
      require(number.signum() >= 0, name(name, "a number that is not negative"));
      return number.longValueExact();
    } catch (ArithmeticException | NumberFormatException _) {
      throw new UnverifiedException(name(name, "a number of 64 bits"));
    }
  }

  private String name(String name, String kind) {
    return what + "." + name + " is not " + kind;
  }
}
