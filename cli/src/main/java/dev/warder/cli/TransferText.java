package dev.warder.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How far a transfer is, in words.
 *
 * @param what is moved
 * @param bytes so far
 * @param total if it is known
 * @param nanos since the first bytes came
 */
record TransferText(String what, long bytes, OptionalLong total, long nanos) {
  private static final double MEBIBYTE = 1024 * 1024;
  private static final double SECOND = Duration.ofSeconds(1).toNanos();
  private static final int BAR_CHARS = 24;
  private static final int ALL = 100;

  TransferText {
    // Whoever sends more than it said has not said how much it sends.
    if (total.isPresent() && total.getAsLong() < Math.max(1, bytes)) {
      total = OptionalLong.empty();
    }
  }

  /** A line of its own. */
  String line() {
    return total.isPresent()
        ? what + ": " + amount() + " (" + percent() + " %), " + rate()
        : what + ": " + amount() + ", " + rate();
  }

  /** What fits a narrow terminal. */
  String bar() {
    if (total.isEmpty()) {
      return amount() + "  " + rate();
    }
    var full = (int) (percent() * BAR_CHARS / ALL);
    return "[%s%s] %3d %%  %s  %s"
        .formatted("=".repeat(full), " ".repeat(BAR_CHARS - full), percent(), amount(), rate());
  }

  private String amount() {
    return total.isPresent()
        ? mebibytes((double) bytes) + " of " + mebibytes((double) total.getAsLong()) + " MiB"
        : mebibytes((double) bytes) + " MiB";
  }

  private String rate() {
    return mebibytes(bytes * SECOND / Math.max(1, nanos)) + " MiB/s";
  }

  /** Rounded down, so that only all of it is 100. */
  private long percent() {
    return (long) Math.floor((double) bytes * ALL / total.orElseThrow());
  }

  private static String mebibytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / MEBIBYTE);
  }
}
