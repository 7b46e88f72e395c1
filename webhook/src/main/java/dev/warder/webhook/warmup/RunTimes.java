package dev.warder.webhook.warmup;

import java.time.Duration;
import java.util.Arrays;

/**
 * Tells when times no longer fall. Runs are gathered into windows; times are flat when the medians
 * of the last few windows are all within 5 % of the best one before them. A compiler in the
 * background makes steps, and a large method takes it seconds, so a window in which it worked, and
 * a few windows without progress, mean nothing. Not thread-safe.
 */
final class RunTimes {
  static final int WINDOW_RUNS = 32;

  /** Thousands of runs of a fast policy are over before a compiler has noticed them. */
  static final Duration WINDOW_TIME = Duration.ofMillis(250);

  static final int PATIENCE = 8;
  private static final double PROGRESS = 0.95;

  /** Less work of the compiler is that of other code. */
  static final Duration COMPILING = WINDOW_TIME.dividedBy(10);

  /** The median is that of the last so many runs of a window. */
  private static final int SAMPLES = 512;

  private final long[] samples = new long[SAMPLES];
  private int runs;
  private long windowNanos;
  private long best = Long.MAX_VALUE;
  private int windowsWithoutProgress;
  private long compiledBefore;

  /**
   * Adds a run.
   *
   * @param compiled milliseconds that the JVM's compilers have worked so far
   */
  void add(Duration time, long compiled) {
    var nanos = time.toNanos();
    samples[runs % SAMPLES] = nanos;
    runs++;
    windowNanos += nanos;
    if (runs >= WINDOW_RUNS && windowNanos >= WINDOW_TIME.toNanos()) {
      close(median(), compiled - compiledBefore >= COMPILING.toMillis());
      compiledBefore = compiled;
    }
  }

  boolean flat() {
    return windowsWithoutProgress >= PATIENCE;
  }

  private void close(long median, boolean compiling) {
    if (median < best * PROGRESS) {
      windowsWithoutProgress = 0;
      // Small steps that add up are progress as well, so the bar stays until it is passed clearly.
      best = median;
    } else if (!compiling) {
      windowsWithoutProgress++;
    }
    runs = 0;
    windowNanos = 0;
  }

  private long median() {
    var sorted = Arrays.copyOf(samples, Math.min(runs, SAMPLES));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
