package dev.warder.policy.wasi;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of a boot. They start together and advance by what is slept, and by a nanosecond when
 * they are read, so that a later evaluation, whose clock starts anew, is not behind by more.
 */
final class BootClock {
  static final int REALTIME = 0;
  static final int MONOTONIC = 1;

  private final long wallNanos;
  private long elapsedNanos;
  private boolean readWallClock;

  BootClock(Instant wallClock) {
    wallNanos = TimeUnit.SECONDS.toNanos(wallClock.getEpochSecond()) + wallClock.getNano();
  }

  boolean exists(int clock) {
    return clock == REALTIME || clock == MONOTONIC;
  }

  long read(int clock) {
    elapsedNanos++;
    if (clock == REALTIME) {
      readWallClock = true;
      return wallNanos + elapsedNanos;
    }
    return elapsedNanos;
  }

  /** What is left until a time on that clock. */
  long until(int clock, long nanos) {
    return clock == REALTIME ? nanos - wallNanos - elapsedNanos : nanos - elapsedNanos;
  }

  void sleep(long nanos) {
    elapsedNanos += Math.max(0, nanos);
  }

  boolean readWallClock() {
    return readWallClock;
  }
}
