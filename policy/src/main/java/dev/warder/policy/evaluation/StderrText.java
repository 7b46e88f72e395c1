package dev.warder.policy.evaluation;

/** What a guest wrote to stderr, as far as people get to see it. */
final class StderrText {
  /** Enough for a long stack trace, and short enough for a Kubernetes status. */
  static final int MAX_CHARS = 16 * 1024;

  private StderrText() {}

  /** Trims, and cuts what is too long. */
  static String of(String stderr) {
    var text = stderr.strip();
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
    return text.substring(0, end) + "… (cut after " + MAX_CHARS + " characters)";
  }
}
