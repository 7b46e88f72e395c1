package dev.warder.policy.wasi;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One thread that ends runs at their deadline. */
final class DeadlineWatcher implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  DeadlineWatcher() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("warder-deadlines").unstarted(task));
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Calls the body on this thread under a time limit; the thread is not interrupted afterwards. */
  <T> T within(Duration time, Function<Deadline, T> body) {
    // A flag left over from earlier work would end this run at its first check.
    Thread.interrupted();
    var deadline = new Deadline(time);
    var alarm = timer.schedule(deadline::pass, deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    try {
      return body.apply(deadline);
    } finally {
      deadline.end();
      alarm.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
