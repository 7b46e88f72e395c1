package dev.warder.policy.host.tracing;

/** How much one policy may log: so many lines at once, and then so many each second. */
final class LogAllowance {
  private static final int AT_ONCE = 200;
  private static final double EACH_SECOND = 20;
  private static final double NANOS = 1e9;

  private double left = AT_ONCE;
  private long dropped;
  private long since = System.nanoTime();

  /** Whether a message may be logged. */
  sealed interface Turn {
    /**
     * It may.
     *
     * @param dropped how many before it might not
     */
    record Allowed(long dropped) implements Turn {}

    record Spent() implements Turn {}
  }

  synchronized Turn take(long now) {
    left = Math.min(AT_ONCE, left + Math.max(0, now - since) / NANOS * EACH_SECOND);
    since = now;
    if (left < 1) {
      dropped++;
      return new Turn.Spent();
    }
    left--;
    var before = dropped;
    dropped = 0;
    return new Turn.Allowed(before);
  }
}
