package dev.warder.policy.json;

/** Outside input that is not what it has to be. */
public abstract sealed class UnexpectedJsonException extends Exception
    permits UnreadableJsonException, MisfitException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_REASON_CHARS = 512;

  private final String reason;

  UnexpectedJsonException(String reason) {
    this.reason =
        reason.length() <= MAX_REASON_CHARS ? reason : reason.substring(0, MAX_REASON_CHARS) + "…";
  }

  /** Why, in a phrase of bounded length: it can hold names that the input brought. */
  public String reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return reason;
  }
}
