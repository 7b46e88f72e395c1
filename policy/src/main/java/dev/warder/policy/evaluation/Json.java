package dev.warder.policy.evaluation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/**
 * JSON from callers and guests, neither of which is trusted: exactly one document, strictly UTF-8,
 * numbers kept as written, and limits on everything that costs more than its bytes.
 */
final class Json {
  static final int MAX_DEPTH = 500;

  /**
   * A token can cost a hundred bytes of heap for one byte of input. The API server's largest
   * requests (3 MiB) have below a million.
   */
  static final int MAX_TOKENS = 2_000_000;

  private static final int MAX_STRING_CHARS = 32 << 20;
  private static final int MAX_NAME_CHARS = 1 << 20;
  private static final int MAX_NUMBER_CHARS = 1000;

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
                  // Names come from outside: interning would fill a table that is never emptied.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
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

  private Json() {}

  /** Reads one document; {@code null} the literal is a node, not a missing value. */
  static JsonNode read(byte[] utf8) throws UnreadableJsonException {
    var text = Utf8.decode(utf8).orElseThrow(() -> new UnreadableJsonException("it is not UTF-8"));
    try {
      return READER.readValue(text);
    } catch (JsonProcessingException e) {
      throw new UnreadableJsonException(e.getOriginalMessage());
    }
  }

  static byte[] write(JsonNode node) {
    try {
      return WRITER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
