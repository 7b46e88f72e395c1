package dev.warder.policy.evaluation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The stdin of {@code validate}, put together from parts that are JSON already. */
final class ValidateInput {
  private static final byte[] REQUEST = ascii("{\"request\":");
  private static final byte[] SETTINGS = ascii(",\"settings\":");
  private static final byte[] END = ascii("}");

  private ValidateInput() {}

  static byte[] of(ValidationRequest request, PolicySettings settings) {
    var requestJson = request.json();
    var settingsJson = settings.json();
    var length =
        REQUEST.length + requestJson.length + SETTINGS.length + settingsJson.length + END.length;
    return ByteBuffer.allocate(length)
        .put(REQUEST)
        .put(requestJson)
        .put(SETTINGS)
        .put(settingsJson)
        .put(END)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
