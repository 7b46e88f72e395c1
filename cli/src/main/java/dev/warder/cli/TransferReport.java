package dev.warder.cli;

import dev.warder.policy.fetch.TransferListener;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells a person how far a long transfer is: by a bar on a terminal, by some lines elsewhere. Those
 * that are small or over soon are not worth a word.
 */
final class TransferReport implements TransferListener {
  private static final long LEAST_BYTES = 1024 * 1024;
  private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long BAR_PAUSE = Duration.ofMillis(200).toNanos();
  private static final long LINE_PAUSE = Duration.ofSeconds(5).toNanos();

  /** A line also tells every quarter. */
  private static final int LINE_SHARES = 4;

  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier clock;
  private boolean running;
  private boolean shown;
  private long start;
  private long shownAt;
  private long shownBytes;
  private TransferText last = new TransferText("", 0, OptionalLong.empty(), 0);

  /**
   * @param clock gives nanoseconds
   */
  TransferReport(PrintWriter err, boolean terminal, LongSupplier clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
  }

  static TransferReport to(PrintWriter err) {
    var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new TransferReport(err, terminal, System::nanoTime);
  }

  @Override
  public synchronized void moved(String what, long bytes, OptionalLong total) {
    var now = clock.getAsLong();
    if (!running) {
      running = true;
      shown = false;
      start = now;
      shownAt = now;
      shownBytes = 0;
    }
    last = new TransferText(what, bytes, total, now - start);
    if (total.orElse(bytes) >= LEAST_BYTES && now - start >= LEAST_NANOS && isDue(now)) {
      show(now);
    }
  }

  private boolean isDue(long now) {
    if (terminal) {
      return !shown || now - shownAt >= BAR_PAUSE;
    }
    var more = last.bytes() - shownBytes;
    return now - shownAt >= LINE_PAUSE
        || (last.total().isPresent() && more >= last.total().getAsLong() / LINE_SHARES);
  }

  private void show(long now) {
    shown = true;
    shownAt = now;
    shownBytes = last.bytes();
    if (terminal) {
      err.print("\r" + last.bar() + CLEAR_TO_END);
    } else {
      err.println(last.line());
    }
    err.flush();
  }

  @Override
  public synchronized void ended(String what) {
    if (running && shown) {
      if (shownBytes < last.bytes()) {
        show(clock.getAsLong());
      }
      if (terminal) {
        err.println();
      }
    }
    running = false;
  }
}
