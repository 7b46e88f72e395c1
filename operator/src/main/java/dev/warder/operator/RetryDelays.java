package dev.warder.operator;

import java.time.Duration;

/** Waits between tries of a preparation that may yet succeed: doubled from first up to max. */
public record RetryDelays(Duration first, Duration max) {
  private static final int MAX_DOUBLINGS = 20;

  public RetryDelays {
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException("first must be positive and at most max: " + first);
    }
  }

  public static RetryDelays defaults() {
    return new RetryDelays(Duration.ofSeconds(5), Duration.ofMinutes(5));
  }

  /** The wait after so many failed tries, 1 being the first. */
  public Duration after(int failures) {
    var doublings = Math.clamp(failures - 1, 0, MAX_DOUBLINGS);
    var delay = first.multipliedBy(1L << doublings);
    return delay.compareTo(max) < 0 ? delay : max;
  }
}
