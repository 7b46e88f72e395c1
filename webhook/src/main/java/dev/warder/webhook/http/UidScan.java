package dev.warder.webhook.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds {@code request.uid} in the beginning of a review without reading the rest: a verdict must
 * repeat it, even when there is no time to decode the review. The API server writes it first.
 */
final class UidScan {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private UidScan() {}

  /** Empty if it does not come up in these bytes, or they are not JSON up to there. */
  static Optional<String> find(byte[] beginning) {
    try (var parser = FACTORY.createParser(beginning)) {
      return enter(parser, "request") && parser.nextToken() == JsonToken.START_OBJECT
          ? uid(parser)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean enter(JsonParser parser, String member) throws IOException {
    return parser.nextToken() == JsonToken.START_OBJECT && seek(parser, member);
  }

  private static Optional<String> uid(JsonParser parser) throws IOException {
    return seek(parser, "uid") && parser.nextToken() == JsonToken.VALUE_STRING
        ? Optional.of(parser.getText())
        : Optional.empty();
  }

  /** Moves on to the member of the current object that has this name. */
  private static boolean seek(JsonParser parser, String member) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.currentName().equals(member)) {
        return true;
      }
      parser.nextToken();
      parser.skipChildren();
    }
    return false;
  }
}
