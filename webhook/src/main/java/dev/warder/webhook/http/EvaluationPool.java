package dev.warder.webhook.http;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads behind a bounded queue. It refuses at once what it could not begin in
 * time, and replaces a thread that dies.
 */
final class EvaluationPool implements AutoCloseable {
  /** A piece of work that is of no use once its deadline has passed. */
  interface Job extends Runnable {
    Deadline deadline();
  }

  /** What became of a submitted job. */
  enum Submission {
    ACCEPTED,
    QUEUE_FULL,
    /** Judging by recent run times, it would not begin before its deadline. */
    WAIT_TOO_LONG
  }

  private final int threads;
  private final ThreadPoolExecutor executor;
  private final AtomicInteger running = new AtomicInteger();
  private final RunTimeAverage runTimes = new RunTimeAverage();

  EvaluationPool(int threads, int queueEntries, ThreadFactory factory) {
    this.threads = threads;
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueEntries),
            factory) {
          @Override
          protected void beforeExecute(Thread thread, Runnable job) {
            running.incrementAndGet();
          }

          @Override
          protected void afterExecute(Runnable job, @Nullable Throwable e) {
            running.decrementAndGet();
          }
        };
  }

  Submission submit(Job job) {
    if (estimatedWait().compareTo(job.deadline().remaining()) >= 0) {
      return Submission.WAIT_TOO_LONG;
    }
    try {
      executor.execute(job);
      return Submission.ACCEPTED;
    } catch (RejectedExecutionException e) {
      return Submission.QUEUE_FULL;
    }
  }

  /** Takes a job out of the queue; false if it has begun or is done. */
  boolean withdraw(Job job) {
    return executor.remove(job);
  }

  /** How long a thread was busy with one job; called by those jobs that ran a policy. */
  void ran(Duration runTime) {
    runTimes.add(runTime);
  }

  int queued() {
    return executor.getQueue().size();
  }

  int running() {
    return running.get();
  }

  private Duration estimatedWait() {
    return runTimes.waitBehind(queued() + running() - threads + 1, threads);
  }

  /** Accepts nothing more and interrupts what still runs. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
