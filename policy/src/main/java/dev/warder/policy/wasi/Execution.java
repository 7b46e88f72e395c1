package dev.warder.policy.wasi;

/**
 * How a module is run.
 *
 * @param reason why so, for people; one line
 */
public record Execution(Mode mode, String reason) {
  /** From where an evaluation starts. */
  public enum Mode {
    /** From a snapshot of the module, taken when it first asked for its input. */
    PREINITIALISED("preinitialised"),
    /** From the module's own beginning. */
    DIRECT("direct");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    /** The word in status and output. */
    public String text() {
      return text;
    }
  }

  static Execution preinitialised(String reason) {
    return new Execution(Mode.PREINITIALISED, reason);
  }

  static Execution direct(String reason) {
    return new Execution(Mode.DIRECT, reason);
  }
}
