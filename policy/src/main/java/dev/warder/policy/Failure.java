package dev.warder.policy;

/**
 * Why a journey ended: one reason, and one line that says what failed, where, and what to do next.
 */
public record Failure(Reason reason, String message) {
  private static final int MAX_MESSAGE_CHARS = 2048;

  public Failure {
    message = oneLine(message);
  }

  /** Whether the same input may succeed later; otherwise only an edit helps. */
  public boolean retryable() {
    return reason.retryable();
  }

  private static String oneLine(String text) {
    var line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    return line.length() <= MAX_MESSAGE_CHARS ? line : line.substring(0, MAX_MESSAGE_CHARS) + "…";
  }
}
