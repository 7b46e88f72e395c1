package dev.warder.operator.policy;

import dev.warder.operator.RetryDelays;
import dev.warder.operator.revision.Revision;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.webhook.registry.PolicyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks tags up again for the policies that want it. A tag that has moved is a new candidate, which
 * must pass the whole journey; until it has, the digest that was served goes on being served.
 */
final class TagRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagRefresh.class);

  private final Attempts<PreparationKey, PreparedPolicy> attempts;
  private final Map<PolicyId, Watch> watches = new ConcurrentHashMap<>();
  private final Clock clock;

  /**
   * What a tag is looked up for.
   *
   * @param refused why what the tag names now is not served
   */
  private record Watch(
      PreparationKey key, Duration interval, Instant due, Optional<Failure> refused) {
    Watch again(Instant now, Optional<Failure> why) {
      return new Watch(key, interval, now.plus(interval), why);
    }
  }

  /** What became of looking. */
  sealed interface Found {
    /** What is served is what the tag names, as far as anybody knows. */
    record Nothing() implements Found {}

    /** The tag names another module, which may be served. */
    record Moved(PreparedPolicy prepared) implements Found {}

    /** The tag names another module, which may not be served. */
    record Refused(Stage.Failed stage) implements Found {}
  }

  TagRefresh(
      BiFunction<PolicyId, PreparationKey, Outcome<PreparedPolicy>> prepare,
      RetryDelays delays,
      Clock clock,
      Consumer<PolicyId> ended) {
    this.attempts = new Attempts<>("refresh", prepare, delays, clock, ended);
    this.clock = clock;
  }

  /** Looks if it is time; the first time is one interval after the first call. */
  Found look(Revision served, PreparationKey key, Optional<Duration> interval) {
    var id = served.id();
    if (interval.isEmpty() || !isMovable(served)) {
      forget(id);
      return new Found.Nothing();
    }
    var now = clock.instant();
    var watch =
        watches.compute(
            id,
            (_, present) ->
                present != null
                        && present.key().equals(key)
                        && present.interval().equals(interval.get())
                    ? present
                    : new Watch(key, interval.get(), now.plus(interval.get()), Optional.empty()));
    return now.isBefore(watch.due()) ? known(watch) : lookNow(served, watch, now);
  }

  private Found lookNow(Revision served, Watch watch, Instant now) {
    return switch (attempts.progress(served.id(), watch.key())) {
      case Attempts.Progress.Pending<PreparedPolicy> _ -> known(watch);
      case Attempts.Progress.Ready<PreparedPolicy>(var prepared) -> {
        next(served.id(), watch.again(now, Optional.empty()));
        if (same(served, prepared)) {
          prepared.access().close();
          yield new Found.Nothing();
        }
        yield new Found.Moved(prepared);
      }
      case Attempts.Progress.Refused<PreparedPolicy>(var failure, var _, var _) -> {
        LOG.warn("{}: its tag was looked up again: {}", served.id(), failure.message());
        // That a registry does not answer says nothing of what is served.
        var next = watch.again(now, failure.retryable() ? watch.refused() : Optional.of(failure));
        next(served.id(), next);
        yield known(next);
      }
    };
  }

  private void next(PolicyId id, Watch watch) {
    watches.put(id, watch);
    attempts.forget(id);
  }

  private static Found known(Watch watch) {
    return watch
        .refused()
        .<Found>map(
            failure ->
                new Found.Refused(
                    new Stage.Failed(
                        new Failure(
                            failure.reason(),
                            "The tag names another module now: " + failure.message()))))
        .orElseGet(Found.Nothing::new);
  }

  private static boolean isMovable(Revision served) {
    return switch (served.prepared().fetched().reference()) {
      case ModuleReference.Registry registry -> registry.digest().isEmpty();
      case ModuleReference.Layout layout -> layout.digest().isEmpty();
      case ModuleReference.File _, ModuleReference.Http _ -> true;
    };
  }

  private static boolean same(Revision served, PreparedPolicy found) {
    var before = served.prepared().fetched();
    return before.digest().equals(found.fetched().digest())
        && before.immutableReference().equals(found.fetched().immutableReference());
  }

  /** When it wants to be asked again. */
  Optional<Duration> nextLook(PolicyId id) {
    return Optional.ofNullable(watches.get(id))
        .map(watch -> Duration.between(clock.instant(), watch.due()))
        .filter(Duration::isPositive);
  }

  void forget(PolicyId id) {
    watches.remove(id);
    attempts.forget(id);
  }

  @Override
  public void close() {
    attempts.close();
  }
}
