package dev.warder.policy.json;

/** Bytes that are not one JSON document within the limits. */
public final class UnreadableJsonException extends UnexpectedJsonException {
  private static final long serialVersionUID = 1L;

  UnreadableJsonException(String reason) {
    super(reason);
  }
}
