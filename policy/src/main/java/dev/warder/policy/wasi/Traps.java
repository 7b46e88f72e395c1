package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.ChicoryException;

/** What the engine threw, as one line. */
final class Traps {
  private static final int MAX_CHARS = 500;
  private static final int MAX_CAUSES = 10;

  private Traps() {}

  /** Chicory's own errors by their text; anything else is a Java error and named as such. */
  static String text(Throwable thrown) {
    var message = thrown.getMessage() == null ? "" : thrown.getMessage();
    var known = thrown instanceof ChicoryException || thrown instanceof Stop;
    var text = known && !message.isEmpty() ? message : name(thrown) + ": " + message;
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
  }

  /** Whether the guest called itself too deeply; Chicory wraps the error once per nested call. */
  static boolean isCallDepth(Throwable thrown) {
    var cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof StackOverflowError) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static String name(Throwable thrown) {
    return thrown.getClass().getSimpleName();
  }
}
