package dev.warder.webhook.warmup;

import java.time.Duration;
import java.util.Arrays;

/**
 * Tells when times no longer fall. Runs are gathered into windows; times are flat when the medians
 * of the last few windows are all within 5 % of the best one before them. A compiler in the
 * background makes steps, so one window without progress means nothing. Not thread-safe.
 */
final class RunTimes {
  static final int WINDOW_RUNS = 32;

  /** Thousands of runs of a fast policy are over before a compiler has noticed them. */
  static final Duration WINDOW_TIME = Duration.ofMillis(250);

  static final int PATIENCE = 3;
  private static final double PROGRESS = 0.95;

  /** The median is that of the last so many runs of a window. */
  private static final int SAMPLES = 512;

  private final long[] samples = new long[SAMPLES];
  private int runs;
  private long windowNanos;
  private long best = Long.MAX_VALUE;
  private int windowsWithoutProgress;

  void add(Duration time) {
    var nanos = time.toNanos();
    samples[runs % SAMPLES] = nanos;
    runs++;
    windowNanos += nanos;
    if (runs >= WINDOW_RUNS && windowNanos >= WINDOW_TIME.toNanos()) {
      close(median());
    }
  }

  boolean flat() {
    return windowsWithoutProgress >= PATIENCE;
  }

  private void close(long median) {
    windowsWithoutProgress = median < best * PROGRESS ? 0 : windowsWithoutProgress + 1;
    // Small steps that add up are progress as well, so the bar stays until it is passed clearly.
    best = windowsWithoutProgress == 0 ? median : best;
    runs = 0;
    windowNanos = 0;
  }

  private long median() {
    var sorted = Arrays.copyOf(samples, Math.min(runs, SAMPLES));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
