package dev.warder.policy.host.call;

import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one kind of host call, and a bounded queue before them: a registry that is slow
 * holds up only those who ask registries.
 */
public final class CallQueue implements AutoCloseable {
  /** How many calls may wait for a thread, as in Kubewarden. */
  static final int QUEUED = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CallQueue.class);
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final String name;
  private final ThreadPoolExecutor threads;

  /** There is no room for another call. */
  static final class FullException extends NotDoneException {
    private static final long serialVersionUID = 1L;

    FullException(String name) {
      super(
          "the callback channel of %s is full: %d calls wait already; ask again in a moment"
              .formatted(name, QUEUED));
    }
  }

  /** Nobody does the work; the message says why. */
  static class NotDoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotDoneException(String why) {
      super(why, null, false, false);
    }

    String message() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * A queue without threads; up to so many come when there is work and go when there is none.
   *
   * @param name of the capability
   */
  public CallQueue(String name, int threads) {
    this.name = name;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            Thread.ofPlatform().daemon().name("host-" + name + "-", 0).factory());
    this.threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins the work as soon as a thread is free.
   *
   * @param work may block, for a time that it limits itself
   * @return ends with an exception only if there was no room
   */
  CompletableFuture<Reply> submit(Supplier<Reply> work) {
    var answer = new CompletableFuture<Reply>();
    try {
      threads.execute(new Call(answer, () -> done(work)));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(threads.isShutdown() ? closed() : new FullException(name));
    }
    return answer;
  }

  /** Work in the queue, with those who wait for it. */
  private record Call(CompletableFuture<Reply> answer, Supplier<Reply> work) implements Runnable {
    @Override
    public void run() {
      answer.complete(work.get());
    }
  }

  /** The answer of work that is not shared with other callers. */
  public Answer ask(Supplier<Reply> work) {
    return answer(submit(work));
  }

  private Reply done(Supplier<Reply> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      LOG.error("a host call of {} failed unexpectedly", name, e);
      return CallFailures.refused("it failed unexpectedly; Warder's log says more");
    }
  }

  /** What a guest is told of work that is done or under way. */
  static Answer answer(CompletableFuture<Reply> work) {
    return work.isDone() && !work.isCompletedExceptionally()
        ? work.resultNow()
        : new Waiting(() -> await(work));
  }

  private static Reply await(CompletableFuture<Reply> work) throws InterruptedException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      return Reply.refused(
          e.getCause() instanceof NotDoneException not ? not.message() : String.valueOf(e));
    }
  }

  /** Calls that wait for a thread. */
  public int queued() {
    return threads.getQueue().size();
  }

  @Override
  public void close() {
    for (var left : threads.shutdownNow()) {
      if (left instanceof Call call) {
        call.answer().completeExceptionally(closed());
      }
    }
  }

  private NotDoneException closed() {
    return new NotDoneException("the callback channel of %s is closed".formatted(name));
  }
}
