package dev.warder.webhook.http;

import dev.warder.webhook.http.FairQueue.Offer;
import dev.warder.webhook.http.FairQueue.Started;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fixed number of threads behind a bounded {@link FairQueue}. */
final class EvaluationPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationPool.class);

  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final FairQueue queue;
  private final List<Thread> threads;
  private boolean closed;

  EvaluationPool(int threadCount, int places, ThreadFactory factory) {
    queue = new FairQueue(threadCount, places);
    threads = Stream.generate(() -> factory.newThread(this::work)).limit(threadCount).toList();
    threads.forEach(Thread::start);
  }

  /** Answers at once; a job that had to make room for this one has been told. */
  Offer submit(Job job) {
    var offer =
        locked(
            () -> {
              changed.signal();
              return closed ? new Offer.Full() : queue.offer(job);
            });
    if (offer instanceof Offer.Accepted(var dropped)) {
      dropped.ifPresent(Job::dropped);
    }
    return offer;
  }

  /** Takes a job out of the queue; false if it has begun or is done. */
  boolean withdraw(Job job) {
    return locked(() -> queue.withdraw(job));
  }

  int queued() {
    return locked(queue::queued);
  }

  int running() {
    return locked(queue::running);
  }

  /** Begins nothing more, interrupts what runs, and waits a moment until that has ended. */
  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          changed.signalAll();
          return closed;
        });
    threads.forEach(Thread::interrupt);
    try {
      for (var thread : threads) {
        thread.join(LAST_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    for (var next = take(); next.isPresent(); next = take()) {
      var begin = System.nanoTime();
      run(next.get().job());
      ended(next.get(), Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private static void run(Job job) {
    try {
      job.run();
    } catch (Throwable e) {
      // The thread must live on: nothing replaces it.
      LOG.error("a job of policy {} failed", job.lane(), e);
    }
  }

  /** Waits for a job; empty when the pool is closed. */
  private Optional<Started> take() {
    return locked(
        () -> {
          var started = queue.take();
          while (started.isEmpty() && !closed) {
            changed.awaitUninterruptibly();
            started = queue.take();
          }
          // What interrupted the last job is no business of the next.
          Thread.interrupted();
          return closed ? Optional.empty() : started;
        });
  }

  private void ended(Started started, Duration runTime) {
    locked(
        () -> {
          queue.ended(started, runTime);
          changed.signal();
          return started;
        });
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
