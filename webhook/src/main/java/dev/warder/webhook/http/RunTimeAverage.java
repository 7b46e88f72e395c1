package dev.warder.webhook.http;

import java.time.Duration;

/** Exponentially weighted moving average of how long jobs keep a thread. Not thread-safe. */
final class RunTimeAverage {
  /** Each new value counts a fifth, so that about ten jobs are remembered. */
  private static final long WEIGHT = 5;

  private long nanos;

  void add(Duration runTime) {
    var now = runTime.toNanos();
    nanos = nanos == 0 ? now : nanos + (now - nanos) / WEIGHT;
  }

  /** Zero as long as nothing has run. */
  Duration value() {
    return Duration.ofNanos(nanos);
  }
}
