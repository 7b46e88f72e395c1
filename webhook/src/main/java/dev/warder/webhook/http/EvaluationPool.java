package dev.warder.webhook.http;

import dev.warder.policy.wasi.Aside;
import dev.warder.webhook.http.FairQueue.Offer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of places behind a bounded {@link FairQueue}. As many threads as there are places
 * stay; more come, up to a limit, while guests wait and others run in their places.
 */
final class EvaluationPool implements Aside, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationPool.class);

  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition jobs = lock.newCondition();
  private final Condition turns = lock.newCondition();
  private final Map<Thread, Turn> current = new ConcurrentHashMap<>();
  private final Set<Thread> threads = new HashSet<>();
  private final ThreadFactory factory;
  private final FairQueue queue;
  private final int places;
  private int idle;

  /** Threads that have a job, whether or not it has a place. */
  private int busy;

  private boolean closed;

  /** A job on its thread, and since when it has run or waited. */
  private static final class Turn {
    private final Started started;
    private long since = System.nanoTime();

    private Turn(Started started) {
      this.started = started;
    }

    private Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - since);
    }

    private void restart() {
      since = System.nanoTime();
    }
  }

  /**
   * @param queuePlaces how many jobs may be queued
   * @param factory of threads whose guests step aside to what it is given
   */
  EvaluationPool(int places, int queuePlaces, Function<Aside, ThreadFactory> factory) {
    this.places = places;
    this.queue = new FairQueue(places, queuePlaces);
    this.factory = factory.apply(this);
    locked(
        () -> {
          for (var i = 0; i < places; i++) {
            addThread();
          }
          return threads;
        });
  }

  /** Answers at once; a job that had to make room for this one has been told. */
  Offer submit(Job job) {
    var offer =
        locked(
            () -> {
              var answer = closed ? new Offer.Full() : queue.offer(job);
              wake();
              return answer;
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

  /** Jobs whose guest waits while others run. */
  int waiting() {
    return locked(queue::waiting);
  }

  int threads() {
    return locked(threads::size);
  }

  /** Begins nothing more, interrupts what runs, and waits a moment until that has ended. */
  @Override
  public void close() {
    var last =
        locked(
            () -> {
              closed = true;
              jobs.signalAll();
              return List.copyOf(threads);
            });
    last.forEach(Thread::interrupt);
    try {
      for (var thread : last) {
        thread.join(LAST_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets another job run while the one on this thread waits. */
  @Override
  public <T> T waiting(Wait<T> wait) throws InterruptedException {
    var turn = current.get(Thread.currentThread());
    if (turn == null || !giveBack(turn)) {
      return wait.outcome();
    }
    var goesOn = false;
    try {
      var outcome = wait.outcome();
      comeBack(turn);
      goesOn = true;
      return outcome;
    } finally {
      if (!goesOn) {
        forgo(turn);
      }
    }
  }

  private boolean giveBack(Turn turn) {
    return locked(
        () -> {
          // A second wait of a job that goes on without a place has nothing to give.
          if (turn.started.place() != Started.Place.HELD
              || !queue.giveBack(turn.started, turn.elapsed())) {
            return false;
          }
          turn.restart();
          wake();
          return true;
        });
  }

  private void comeBack(Turn turn) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      queue.askBack(turn.started);
      while (!queue.comeBack(turn.started, turn.elapsed())) {
        wake();
        turns.await();
      }
      turn.restart();
      wake();
    } finally {
      lock.unlock();
    }
  }

  private void forgo(Turn turn) {
    locked(
        () -> {
          queue.forgo(turn.started, turn.elapsed());
          turn.restart();
          wake();
          return turn;
        });
  }

  private void work() {
    for (var next = take(); next.isPresent(); next = take()) {
      var turn = new Turn(next.get());
      current.put(Thread.currentThread(), turn);
      run(turn.started.job());
      current.remove(Thread.currentThread());
      ended(turn);
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

  /** Waits for a job; empty when this thread is to end. */
  private Optional<Started> take() {
    while (true) {
      var late = locked(queue::removeLate);
      late.forEach(Job::tooLate);
      var step = locked(this::takeOrWait);
      if (step instanceof Step.End) {
        return Optional.empty();
      }
      if (step instanceof Step.Begin(var started)) {
        return Optional.of(started);
      }
    }
  }

  /** What a thread does next. */
  private sealed interface Step {
    record Begin(Started started) implements Step {}

    /** Something may have changed. */
    record Again() implements Step {}

    record End() implements Step {}
  }

  @SuppressWarnings("WaitNotInLoop") // the caller has the loop
  private Step takeOrWait() {
    // What interrupted the last job is no business of the next.
    Thread.interrupted();
    var started = closed ? Optional.<Started>empty() : queue.take();
    if (started.isPresent()) {
      busy++;
      wake();
      return new Step.Begin(started.get());
    }
    if (closed || idle >= places) {
      threads.remove(Thread.currentThread());
      return new Step.End();
    }
    idle++;
    jobs.awaitUninterruptibly();
    idle--;
    return new Step.Again();
  }

  private void ended(Turn turn) {
    locked(
        () -> {
          queue.ended(turn.started, turn.elapsed());
          busy--;
          wake();
          return turn;
        });
  }

  /**
   * Sees to it that whoever may go on does. A thread that is neither idle nor busy is about to look
   * for a job by itself.
   */
  private void wake() {
    if (queue.nextBack().isPresent()) {
      turns.signalAll();
    }
    if (queue.canBegin()) {
      if (idle > 0) {
        jobs.signal();
      } else if (!closed && threads.size() == busy) {
        addThread();
      }
    }
  }

  private void addThread() {
    var thread = factory.newThread(this::work);
    threads.add(thread);
    thread.start();
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
