package dev.warder.cli.bench;

import java.util.Arrays;

/**
 * How times are distributed, in milliseconds: half of all are at most {@code p50}, and so on.
 * Nearest rank: each is a time that was measured.
 */
public record Percentiles(double p50, double p95, double p99) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of at least one time. */
  static Percentiles ofNanos(long[] nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("there is nothing to take percentiles of");
    }
    var sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Percentiles(millis(sorted, 50), millis(sorted, 95), millis(sorted, 99));
  }

  private static double millis(long[] sorted, int percent) {
    var rank = Math.ceilDiv((long) sorted.length * percent, 100);
    return sorted[Math.toIntExact(Math.max(0, rank - 1))] / NANOS_PER_MILLI;
  }
}
