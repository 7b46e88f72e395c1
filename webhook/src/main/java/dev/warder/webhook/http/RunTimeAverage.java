package dev.warder.webhook.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Exponentially weighted moving average of how long a job keeps a thread. */
final class RunTimeAverage {
  /** Each new value counts a fifth, so that about ten jobs are remembered. */
  private static final long WEIGHT = 5;

  private final AtomicLong nanos = new AtomicLong();

  void add(Duration runTime) {
    nanos.accumulateAndGet(
        runTime.toNanos(), (old, now) -> old == 0 ? now : old + (now - old) / WEIGHT);
  }

  Duration value() {
    return Duration.ofNanos(nanos.get());
  }

  /** How long a new job would wait behind {@code ahead} jobs that share {@code threads} threads. */
  Duration waitBehind(int ahead, int threads) {
    return ahead <= 0 ? Duration.ZERO : value().multipliedBy(ahead).dividedBy(threads);
  }
}
