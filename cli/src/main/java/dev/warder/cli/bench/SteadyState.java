package dev.warder.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tells from the CPU times of evaluations when they no longer fall. Times are looked at in windows
 * of at least {@value #WINDOW_EVALUATIONS} evaluations and {@value #WINDOW_MILLIS} ms, each known
 * by its median. They are flat when the second half of the time has brought no window that is more
 * than 5 % better than the best of the first half.
 */
final class SteadyState {
  static final int WINDOW_EVALUATIONS = 16;
  static final int WINDOW_MILLIS = 100;
  private static final int FEWEST_WINDOWS = 8;
  private static final double GAIN = 0.95;

  private record Window(long endNanos, long evaluations, long medianNanos) {}

  private final long leastNanos;
  private final List<Window> windows = new ArrayList<>();
  private long[] current = new long[WINDOW_EVALUATIONS];
  private int filled;
  private long evaluations;
  private long windowBegan;

  /**
   * Takes for how long times are looked at before they are called flat: a compiler that works in
   * the background makes them fall in steps.
   */
  SteadyState(long leastNanos) {
    this.leastNanos = leastNanos;
  }

  /** Takes samples in the order of their ends. */
  void add(Sample sample) {
    if (filled == current.length) {
      current = Arrays.copyOf(current, 2 * filled);
    }
    current[filled++] = sample.cpuNanos();
    evaluations++;
    if (filled >= WINDOW_EVALUATIONS
        && sample.endNanos() - windowBegan >= WINDOW_MILLIS * 1_000_000L) {
      windows.add(new Window(sample.endNanos(), evaluations, median()));
      filled = 0;
      windowBegan = sample.endNanos();
    }
  }

  private long median() {
    var sorted = Arrays.copyOf(current, filled);
    Arrays.sort(sorted);
    return sorted[filled / 2];
  }

  boolean isFlat() {
    if (windows.size() < FEWEST_WINDOWS || windows.getLast().endNanos() < leastNanos) {
      return false;
    }
    var half = windows.getLast().endNanos() / 2;
    var split = (int) windows.stream().takeWhile(window -> window.endNanos() <= half).count();
    return split > 0
        && best(windows.subList(split, windows.size())) >= GAIN * best(windows.subList(0, split));
  }

  private static long best(List<Window> some) {
    return some.stream().mapToLong(Window::medianNanos).min().orElseThrow();
  }

  /** The median of the newest window, in nanoseconds; 0 before there is one. */
  long newestMedian() {
    return windows.isEmpty() ? 0 : windows.getLast().medianNanos();
  }

  /**
   * When times came to within a factor of {@code steadyNanos}: the first window from which on at
   * most one in five is above it.
   */
  Optional<Reached> within(double factor, double steadyNanos) {
    var limit = factor * steadyNanos;
    var above = 0;
    Optional<Reached> reached = Optional.empty();
    for (int i = windows.size() - 1; i >= 0; i--) {
      var window = windows.get(i);
      if (window.medianNanos() > limit) {
        above++;
      } else if (5 * above <= windows.size() - i) {
        reached = Optional.of(new Reached(window.endNanos() / 1e9, window.evaluations()));
      }
    }
    return reached;
  }

  /** After how much of both. */
  public record Reached(double seconds, long evaluations) {}
}
