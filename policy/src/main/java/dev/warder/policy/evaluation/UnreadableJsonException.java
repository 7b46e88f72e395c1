package dev.warder.policy.evaluation;

/** Bytes that are not one JSON document within the limits. */
final class UnreadableJsonException extends UnexpectedJsonException {
  private static final long serialVersionUID = 1L;

  UnreadableJsonException(String reason) {
    super(reason);
  }
}
