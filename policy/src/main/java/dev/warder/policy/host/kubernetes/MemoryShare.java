package dev.warder.policy.host.kubernetes;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all lists together may take. */
final class MemoryShare {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  MemoryShare(long max) {
    this.max = max;
  }

  /** Takes so much more; false, and nothing is taken, if there is not so much left. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= max) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }

  long max() {
    return max;
  }
}
