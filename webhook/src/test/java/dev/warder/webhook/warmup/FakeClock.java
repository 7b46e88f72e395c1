package dev.warder.webhook.warmup;

import java.time.Duration;

/** A clock that stands still unless a run moves it. */
final class FakeClock implements RunClock {
  private long time;
  private long cpu;
  private long compiled;

  void work(Duration duration) {
    time += duration.toNanos();
    cpu += duration.toNanos();
  }

  void compile(Duration duration) {
    compiled += duration.toMillis();
  }

  void sleep(Duration duration) {
    time += duration.toNanos();
  }

  @Override
  public long time() {
    return time;
  }

  @Override
  public long cpu() {
    return cpu;
  }

  @Override
  public long compiled() {
    return compiled;
  }
}
