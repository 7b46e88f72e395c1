package dev.warder.policy.wasi;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time limit of one run. The watcher interrupts the guest's thread when it passes; after {@link
 * #end} it never does, so a late interrupt cannot hit whatever the thread does next.
 */
final class Deadline {
  private final Thread guest = Thread.currentThread();
  private final long atNanos;
  private boolean ended;
  private boolean passed;

  Deadline(Duration time) {
    this.atNanos = System.nanoTime() + saturatedNanos(time);
  }

  /** Nanoseconds until it passes; zero or less when it has. */
  long remainingNanos() {
    return atNanos - System.nanoTime();
  }

  synchronized void pass() {
    if (!ended) {
      passed = true;
      guest.interrupt();
    }
  }

  /** Ends the run if the time is up, and says whether it was. */
  boolean passIfDue() {
    var due = remainingNanos() <= 0;
    if (due) {
      pass();
    }
    return due;
  }

  synchronized boolean passed() {
    return passed;
  }

  /** Ends the watch and clears the interrupt that it may have set. */
  synchronized void end() {
    ended = true;
    Thread.interrupted();
  }

  private static long saturatedNanos(Duration time) {
    // nanoTime differences are only meaningful below 2^63; a day is more than any admission waits.
    return time.toDays() > 0 ? TimeUnit.DAYS.toNanos(1) : time.toNanos();
  }
}
