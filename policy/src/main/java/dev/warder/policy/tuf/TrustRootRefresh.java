package dev.warder.policy.tuf;

import dev.warder.policy.fetch.RemoteFiles;
import dev.warder.policy.verify.UnverifiedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a later trust root beside everything else: once at the start, then daily, as long as
 * somebody needs it. Whatever goes wrong, the one that counts goes on counting.
 */
public final class TrustRootRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrustRootRefresh.class);
  private static final Duration DAILY = Duration.ofDays(1);
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  /** How long who needs it for the first time may wait. */
  private static final Duration UNTIL_NEEDED = Duration.ofMinutes(1);

  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("trust-root").factory());
  private final PublicTrustRoot root;
  private final URI repository;
  private final Supplier<RemoteFiles> visits;
  private final BooleanSupplier needed;
  private final Runnable changed;
  private final Clock clock;
  private volatile State state = new State(Optional.empty(), Optional.empty());

  /** Only the worker's. */
  private Instant due = Instant.MIN;

  /** Only the worker's. */
  private @Nullable Future<?> next;

  /**
   * How it goes.
   *
   * @param refreshed when a visit last ended well
   * @param failure why the last one did not
   */
  public record State(Optional<Instant> refreshed, Optional<String> failure) {}

  /**
   * @param repository where it is, by https unless it is listed as insecure
   * @param visits begins a visit
   * @param needed whether anything is judged by this trust root for as long as it counts
   * @param changed is called after each change, on the thread of the refresh
   */
  public TrustRootRefresh(
      PublicTrustRoot root,
      URI repository,
      Supplier<RemoteFiles> visits,
      BooleanSupplier needed,
      Runnable changed,
      Clock clock) {
    this.root = root;
    this.repository = repository;
    this.visits = visits;
    this.needed = needed;
    this.changed = changed;
    this.clock = clock;
    worker.setRemoveOnCancelPolicy(true);
  }

  /** Looks whether it is needed and time; to be called when that may have changed. */
  public void look() {
    var _ = in(Duration.ZERO);
  }

  public State state() {
    return state;
  }

  private @Nullable Future<?> in(Duration time) {
    try {
      return worker.schedule(this::lookNow, time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      LOG.debug("The refresh is being closed");
      return null;
    }
  }

  private void lookNow() {
    var now = clock.instant();
    if (now.isBefore(due)) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    if (!root.isNeeded() && !needed.getAsBoolean()) {
      next = in(UNTIL_NEEDED);
      return;
    }
    var pause = jittered(visit(now) ? DAILY : AFTER_FAILURE);
    due = now.plus(pause);
    next = in(pause);
  }

  /** Instances that started together do not come together. */
  private static Duration jittered(Duration pause) {
    return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 8));
  }

  private boolean visit(Instant now) {
    var before = state;
    try {
      var isNew = root.refresh(TufFiles.of(visits.get(), repository), now);
      state = new State(Optional.of(now), Optional.empty());
      if (isNew) {
        LOG.info("Sigstore has another trust root, which counts from now on: {}", root);
        changed.run();
      } else if (before.refreshed().isEmpty() || before.failure().isPresent()) {
        LOG.info("Sigstore's trust root is up to date: {}", root);
      }
      return true;
    } catch (UnverifiedException e) {
      failed(before, e.why());
    } catch (RuntimeException e) {
      failed(before, "unexpectedly, " + e);
    }
    return false;
  }

  private void failed(State before, String why) {
    state = new State(before.refreshed(), Optional.of(why));
    // The same every hour would only hide the rest.
    if (!state.failure().equals(before.failure()) && !worker.isShutdown()) {
      LOG.warn(
          "Sigstore's trust root was not refreshed from {}, so the one in use stays, {}: {}",
          repository,
          root,
          why);
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
