package dev.warder.policy.wasi;

/** Ends a boot from inside an import. */
@SuppressWarnings("serial") // never serialised
abstract sealed class BootEnd extends RuntimeException {
  private BootEnd(String message) {
    super(message, null, false, false);
  }

  /** The guest asked what no boot may answer; it can ask again later. */
  static final class Asked extends BootEnd {
    private final int importFunction;

    Asked(int importFunction) {
      super("asked");
      this.importFunction = importFunction;
    }

    int importFunction() {
      return importFunction;
    }
  }

  /** The guest did what cannot be done once for all evaluations. */
  static final class Refused extends BootEnd {
    private final String reason;

    Refused(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
