package dev.warder.policy.wasi;

/** Ends a run from inside a host function. Not an error of ours, so it carries no stack trace. */
@SuppressWarnings("serial") // never serialised
abstract sealed class Stop extends RuntimeException {
  private Stop(String message) {
    super(message, null, false, false);
  }

  /** The guest called {@code proc_exit}. */
  static final class Exit extends Stop {
    private final int code;

    Exit(int code) {
      super("exit");
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The guest used more than its budget; the message is for people. */
  static final class OverBudget extends Stop {
    private final Overrun overrun;
    private final String message;

    OverBudget(Overrun overrun, String message) {
      super(message);
      this.overrun = overrun;
      this.message = message;
    }

    String message() {
      return message;
    }

    Overrun overrun() {
      return overrun;
    }
  }

  /** The guest broke the rules of the interface; it ends as if it had executed a trap. */
  static final class Trap extends Stop {
    Trap(String message) {
      super(message);
    }
  }
}
