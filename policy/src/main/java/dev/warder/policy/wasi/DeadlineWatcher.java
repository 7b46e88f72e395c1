package dev.warder.policy.wasi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One thread that ends runs at their deadline. Beginning and ending a run wakes it only if it would
 * come too late otherwise: most runs end long before their deadline.
 */
final class DeadlineWatcher implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final List<Deadline> running = new ArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("warder-deadlines").unstarted(this::watch);
  private final long epoch = System.nanoTime();
  private long nextLook = NEVER;
  private boolean closed;

  DeadlineWatcher() {
    thread.start();
  }

  /** Calls the body on this thread under a time limit; the thread is not interrupted afterwards. */
  <T> T within(Duration time, Function<Deadline, T> body) {
    // A flag left over from earlier work would end this run at its first check.
    Thread.interrupted();
    var deadline = new Deadline(time);
    begin(deadline);
    try {
      return body.apply(deadline);
    } finally {
      end(deadline);
      deadline.end();
    }
  }

  private void begin(Deadline deadline) {
    var due = now() + deadline.remainingNanos();
    boolean sooner;
    synchronized (running) {
      running.add(deadline);
      sooner = due < nextLook;
      if (sooner) {
        nextLook = due;
      }
    }
    if (sooner) {
      LockSupport.unpark(thread);
    }
  }

  private void end(Deadline deadline) {
    synchronized (running) {
      running.remove(deadline);
    }
  }

  private long now() {
    return System.nanoTime() - epoch;
  }

  private void watch() {
    while (true) {
      long wait;
      synchronized (running) {
        if (closed) {
          return;
        }
        running.removeIf(Deadline::passIfDue);
        var next = running.stream().mapToLong(Deadline::remainingNanos).min();
        nextLook = next.isPresent() ? now() + next.getAsLong() : NEVER;
        wait = next.orElse(NEVER);
      }
      if (wait == NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, wait);
      }
    }
  }

  @Override
  public void close() {
    synchronized (running) {
      closed = true;
    }
    LockSupport.unpark(thread);
  }
}
