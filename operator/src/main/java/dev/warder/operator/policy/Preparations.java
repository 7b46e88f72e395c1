package dev.warder.operator.policy;

import dev.warder.operator.RetryDelays;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.webhook.registry.PolicyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares policies beside the reconciler, so that a slow source delays nobody's edit or deletion.
 * Whoever asked is woken when a preparation ends.
 */
final class Preparations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Preparations.class);

  /** Each holds a module in memory while it waits for the compiler. */
  private static final int MAX_AT_ONCE = 16;

  private final Map<PolicyId, Attempt> attempts = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("prepare-", 0).factory());
  private final PolicyPreparer preparer;
  private final RetryDelays delays;
  private final Clock clock;
  private final Consumer<PolicyId> ended;

  /** How far a preparation has come. */
  sealed interface Progress {
    /** Still at it; the failure is that of the try before. */
    record Pending(Optional<Failure> before) implements Progress {}

    record Ready(PreparedPolicy prepared) implements Progress {}

    /** Failed; a retryable failure is tried again when asked for after that time. */
    record Refused(Failure failure, Instant nextTry) implements Progress {}
  }

  private record Attempt(PreparationKey key, int number, Progress progress) {
    Attempt with(Progress next) {
      return new Attempt(key, number, next);
    }

    boolean due(Instant now) {
      return progress instanceof Progress.Refused(var failure, var nextTry)
          && failure.retryable()
          && !now.isBefore(nextTry);
    }

    Optional<Failure> failure() {
      return progress instanceof Progress.Refused(var failure, var _)
          ? Optional.of(failure)
          : Optional.empty();
    }
  }

  Preparations(PolicyPreparer preparer, RetryDelays delays, Clock clock, Consumer<PolicyId> ended) {
    this.preparer = preparer;
    this.delays = delays;
    this.clock = clock;
    this.ended = ended;
  }

  /** Tells how far the preparation of a key has come; starts it when it is new or due again. */
  Progress progress(PolicyId id, PreparationKey key) {
    var attempt =
        attempts.compute(
            id,
            (_, present) -> {
              if (present == null || !present.key().equals(key)) {
                return start(id, key, 1, Optional.empty());
              }
              return present.due(clock.instant())
                  ? start(id, key, present.number() + 1, present.failure())
                  : present;
            });
    return attempt.progress();
  }

  /** When a failed preparation wants to be asked for again. */
  Optional<Duration> nextTry(PolicyId id) {
    var attempt = attempts.get(id);
    return attempt != null
            && attempt.progress() instanceof Progress.Refused(var failure, var nextTry)
            && failure.retryable()
        ? Optional.of(Duration.between(clock.instant(), nextTry)).map(Preparations::positive)
        : Optional.empty();
  }

  void forget(PolicyId id) {
    attempts.remove(id);
  }

  private Attempt start(PolicyId id, PreparationKey key, int number, Optional<Failure> before) {
    var attempt = new Attempt(key, number, new Progress.Pending(before));
    threads.execute(() -> run(id, attempt));
    return attempt;
  }

  private void run(PolicyId id, Attempt attempt) {
    var progress =
        switch (prepare(id, attempt.key())) {
          case Outcome.Done<PreparedPolicy>(var prepared) -> new Progress.Ready(prepared);
          case Outcome.Failed<PreparedPolicy>(var failure) ->
              new Progress.Refused(failure, clock.instant().plus(delays.after(attempt.number())));
        };
    // An edit or a deletion may have made this attempt stale meanwhile.
    var next =
        attempts.computeIfPresent(
            id, (_, present) -> present.equals(attempt) ? attempt.with(progress) : present);
    if (next != null && next.progress().equals(progress)) {
      ended.accept(id);
    }
  }

  private Outcome<PreparedPolicy> prepare(PolicyId id, PreparationKey key) {
    var request =
        new PreparationRequest(key.module(), key.settings(), key.budget(), Optional.empty());
    try {
      places.acquire();
      try {
        return preparer.prepare(request, step -> LOG.info("{}: {}", id, step));
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed(Reason.InternalError, "The preparation was interrupted.");
    } catch (RuntimeException | Error e) {
      LOG.error("Preparing {} failed", id, e);
      return Outcome.failed(
          Reason.InternalError, "The preparation failed unexpectedly (" + e + "); see the log.");
    }
  }

  private static Duration positive(Duration delay) {
    return delay.isPositive() ? delay : Duration.ofMillis(1);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
