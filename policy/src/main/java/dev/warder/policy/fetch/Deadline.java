package dev.warder.policy.fetch;

import java.time.Duration;

/** When a fetch must be over, on the clock of {@link System#nanoTime()}. */
record Deadline(long atNanos, Duration limit) {
  static Deadline in(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos(), limit);
  }

  /** Zero or less once it has passed. */
  long remainingNanos() {
    return atNanos - System.nanoTime();
  }

  boolean passed() {
    return remainingNanos() <= 0;
  }
}
