package dev.warder.controlplane;

import java.time.Duration;

/**
 * Tells the progress of one long wait: at once, then every 15 seconds with the time it has taken.
 */
final class Reminder {

  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Progress progress;
  private final Stopwatch total = Stopwatch.start();
  private Duration next = Duration.ZERO;

  Reminder(Progress progress) {
    this.progress = progress;
  }

  void tell(String message) {
    if (total.elapsed().compareTo(next) < 0) {
      return;
    }
    progress.step(next.isZero() ? message : message + ": " + total);
    next = next.plus(INTERVAL);
  }
}
