package dev.warder.policy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * JSON from callers and guests, neither of which is trusted: exactly one document, strictly UTF-8,
 * numbers kept as written, and limits on everything that costs more than its bytes.
 */
public final class Json {
  public static final int MAX_DEPTH = 500;

  /**
   * A token can cost a hundred bytes of heap for two of input. The largest requests of an API
   * server (3 MiB) have below a million.
   */
  public static final int MAX_TOKENS = 1_000_000;

  private static final int MAX_STRING_CHARS = 32 << 20;
  private static final int MAX_NAME_CHARS = 1 << 20;
  private static final int MAX_NUMBER_CHARS = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxStringLength(MAX_STRING_CHARS)
                          .maxNameLength(MAX_NAME_CHARS)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .build())
                  // Names come from outside: interning fills a table that is never emptied.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Two readers of one document must not see two values under one name.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
  private static final ObjectWriter WRITER = MAPPER.writer();

  private static final Pattern SURROGATE_ESCAPE = Pattern.compile("\\\\u[dD][89a-fA-F]");
  private static final Pattern JAVA_SETTING =
      Pattern.compile(", from `[^`]*`|: enable `[^`]*` to allow");
  private static final Pattern JAVA_LOCATION =
      Pattern.compile("\\[Source: [^;]*; line: (\\d+), column: (\\d+)]");

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Reads one document; the literal {@code null} is a node, too. */
  public static JsonNode read(byte[] utf8) throws UnreadableJsonException {
    return read(Utf8.decode(utf8).orElseThrow(() -> new UnreadableJsonException("not UTF-8")));
  }

  public static JsonNode read(String text) throws UnreadableJsonException {
    if (text.isBlank()) {
      throw new UnreadableJsonException("nothing but white space");
    }
    JsonNode node;
    try {
      node = READER.readValue(text);
    } catch (JsonProcessingException e) {
      throw new UnreadableJsonException(reason(e));
    } catch (NumberFormatException _) {
      throw new UnreadableJsonException("a number has an exponent beyond all bounds");
    }
    // UTF-8 has no lone surrogate, so only an escape can bring one.
    if (text.contains("\\u") && SURROGATE_ESCAPE.matcher(text).find() && !isWellFormed(node)) {
      throw new UnreadableJsonException("a \\u escape is half of a surrogate pair");
    }
    return node;
  }

  /** Encodes a node that holds no lone surrogate. */
  public static byte[] write(JsonNode node) {
    try {
      return WRITER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether all names and texts can be encoded as UTF-8. */
  public static boolean isWellFormed(JsonNode node) {
    if (node.isTextual()) {
      return Utf8.isEncodable(node.textValue());
    }
    return node.properties().stream().allMatch(member -> Utf8.isEncodable(member.getKey()))
        && StreamSupport.stream(node.spliterator(), false).allMatch(Json::isWellFormed);
  }

  private static String reason(JsonProcessingException e) {
    var what =
        e instanceof MismatchedInputException
            ? "a name occurs twice in one object"
            : withoutJava(e.getOriginalMessage());
    var where = e.getLocation();
    return where == null
        ? what
        : "%s at line %d, column %d".formatted(what, where.getLineNr(), where.getColumnNr());
  }

  private static String withoutJava(String message) {
    var plain = JAVA_SETTING.matcher(message).replaceAll("");
    return JAVA_LOCATION.matcher(plain).replaceAll("line $1, column $2");
  }
}
