package dev.warder.operator.policy;

import dev.warder.operator.RetryDelays;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
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
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does slow work on policies beside the reconciler, so that a slow source delays nobody's edit or
 * deletion. Whoever asked is woken when the work ends.
 *
 * @param <K> what the work depends on
 * @param <V> what it gives
 */
final class Attempts<K, V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /** Each holds a module in memory while it waits for the compiler. */
  private static final int MAX_AT_ONCE = 16;

  private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

  private final Map<PolicyId, Attempt<K, V>> attempts = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
  private final ExecutorService threads;
  private final BiFunction<PolicyId, K, Outcome<V>> work;
  private final RetryDelays delays;
  private final Clock clock;
  private final Consumer<PolicyId> ended;

  /** How far the work has come. */
  sealed interface Progress<V> {
    /** Still at it; a failure is that of the try before. */
    record Pending<V>(Optional<Refused<V>> before) implements Progress<V> {}

    record Ready<V>(V value) implements Progress<V> {}

    /** Failed; a retryable failure is tried again when asked for after that time. */
    record Refused<V>(Failure failure, Instant nextTry, Duration delay) implements Progress<V> {
      /** A next try that is near is not announced: that would be a write for each try. */
      Stage.Failed stage() {
        return new Stage.Failed(
            failure,
            Optional.of(nextTry)
                .filter(_ -> failure.retryable() && delay.compareTo(WORTH_TELLING) >= 0));
      }
    }
  }

  private record Attempt<K, V>(K key, int number, Progress<V> progress) {
    Attempt<K, V> with(Progress<V> next) {
      return new Attempt<>(key, number, next);
    }

    boolean due(Instant now) {
      return progress instanceof Progress.Refused<V>(var failure, var nextTry, var _)
          && failure.retryable()
          && !now.isBefore(nextTry);
    }

    Optional<Progress.Refused<V>> refused() {
      return progress instanceof Progress.Refused<V> refused
          ? Optional.of(refused)
          : Optional.empty();
    }
  }

  /**
   * Nothing is done yet.
   *
   * @param name of the threads
   * @param work may block; what it throws is an internal error
   */
  Attempts(
      String name,
      BiFunction<PolicyId, K, Outcome<V>> work,
      RetryDelays delays,
      Clock clock,
      Consumer<PolicyId> ended) {
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    this.work = work;
    this.delays = delays;
    this.clock = clock;
    this.ended = ended;
  }

  /** Tells how far the work on a key has come; starts it when it is new or due again. */
  Progress<V> progress(PolicyId id, K key) {
    var attempt =
        attempts.compute(
            id,
            (_, present) -> {
              if (present == null || !present.key().equals(key)) {
                return start(id, key, 1, Optional.empty());
              }
              return present.due(clock.instant())
                  ? start(id, key, present.number() + 1, present.refused())
                  : present;
            });
    return attempt.progress();
  }

  /** When failed work wants to be asked for again. */
  Optional<Duration> nextTry(PolicyId id) {
    var attempt = attempts.get(id);
    return attempt != null
            && attempt.progress() instanceof Progress.Refused<V>(var failure, var nextTry, var _)
            && failure.retryable()
        ? Optional.of(Duration.between(clock.instant(), nextTry)).map(Attempts::positive)
        : Optional.empty();
  }

  void forget(PolicyId id) {
    attempts.remove(id);
  }

  private Attempt<K, V> start(
      PolicyId id, K key, int number, Optional<Progress.Refused<V>> before) {
    var attempt = new Attempt<K, V>(key, number, new Progress.Pending<>(before));
    threads.execute(() -> run(id, attempt));
    return attempt;
  }

  private void run(PolicyId id, Attempt<K, V> attempt) {
    Progress<V> progress =
        switch (done(id, attempt.key())) {
          case Outcome.Done<V>(var value) -> new Progress.Ready<>(value);
          case Outcome.Failed<V>(var failure) -> {
            var delay = delays.after(attempt.number());
            yield new Progress.Refused<>(failure, clock.instant().plus(delay), delay);
          }
        };
    // An edit or a deletion may have made this attempt stale meanwhile.
    var next =
        attempts.computeIfPresent(
            id, (_, present) -> present.equals(attempt) ? attempt.with(progress) : present);
    if (next != null && next.progress().equals(progress)) {
      ended.accept(id);
    }
  }

  private Outcome<V> done(PolicyId id, K key) {
    try {
      places.acquire();
      try {
        return work.apply(id, key);
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
