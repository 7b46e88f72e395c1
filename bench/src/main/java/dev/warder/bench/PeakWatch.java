package dev.warder.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Looks every 50 ms how much memory a process and its children have together. */
final class PeakWatch implements AutoCloseable {
  private static final int EVERY_MILLIS = 50;

  private final AtomicLong peak = new AtomicLong();
  private final ProcessTree process;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  PeakWatch(ProcessTree process) {
    this.process = process;
    var _ = timer.scheduleAtFixedRate(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    peak.accumulateAndGet(process.residentBytes(), Math::max);
  }

  /** The most that was seen, or that the first process had between two looks. */
  double mebibytes() {
    return Math.max(peak.get(), process.peakBytes()) / 1048576.0;
  }

  @Override
  public void close() {
    timer.close();
  }
}
