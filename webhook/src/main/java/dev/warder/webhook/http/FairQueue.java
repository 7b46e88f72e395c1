package dev.warder.webhook.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which job a free thread takes. Each policy has a lane; the next job comes from the lane
 * that has used the least time. Slow lanes never hold the last thread, so that a policy which uses
 * up its time budget cannot hold up the others. Not thread-safe.
 */
final class FairQueue {
  /** What became of an offered job. */
  sealed interface Offer {
    /**
     * It waits.
     *
     * @param dropped the job that lost its place to it
     */
    record Accepted(Optional<Job> dropped) implements Offer {}

    /** All places are taken. */
    record Full() implements Offer {}

    /** Judging by the lane's recent run times, it would not begin before its deadline. */
    record WaitTooLong() implements Offer {}
  }

  /** A job that a thread is busy with, until {@link FairQueue#ended}. */
  record Started(Job job, Lane lane, Duration expected, boolean slow) {}

  private static final int MAX_LANES = 1000;

  private final int threads;
  private final int slowThreads;
  private final int places;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Set<Lane> withWork = new LinkedHashSet<>();
  private Duration usedByServed = Duration.ZERO;
  private int queued;
  private int running;
  private int slowRunning;

  /**
   * @param threads how many jobs may be taken at a time
   * @param places how many jobs may wait, besides those that a free thread is about to take
   */
  FairQueue(int threads, int places) {
    this.threads = threads;
    this.slowThreads = Math.max(1, threads - 1);
    this.places = places;
  }

  Offer offer(Job job) {
    var lane = lane(job.lane());
    if (estimatedWait(lane).compareTo(job.deadline().remaining()) >= 0) {
      return new Offer.WaitTooLong();
    }
    var dropped = full() ? dropFor(lane) : Optional.<Job>empty();
    if (full()) {
      return new Offer.Full();
    }
    lane.add(job, usedByServed);
    withWork.add(lane);
    queued++;
    return new Offer.Accepted(dropped);
  }

  /** Empty if nothing waits that may begin now. */
  Optional<Started> take() {
    return withWork.stream()
        .filter(lane -> !lane.slow() || slowRunning < slowThreads)
        .min(Comparator.comparing(Lane::used))
        .map(this::begin);
  }

  void ended(Started started, Duration runTime) {
    started.lane().ended(started.expected(), runTime);
    running--;
    slowRunning -= started.slow() ? 1 : 0;
  }

  /** False if it does not wait. */
  boolean withdraw(Job job) {
    var lane = lanes.get(job.lane());
    if (lane == null || !lane.remove(job)) {
      return false;
    }
    left(lane);
    return true;
  }

  int queued() {
    return queued;
  }

  int running() {
    return running;
  }

  private Started begin(Lane lane) {
    usedByServed = lane.used();
    var started = new Started(lane.begin(), lane, lane.averageRunTime(), lane.slow());
    left(lane);
    running++;
    slowRunning += started.slow() ? 1 : 0;
    return started;
  }

  private Lane lane(String name) {
    if (lanes.size() >= MAX_LANES) {
      lanes.values().removeIf(Lane::idle);
    }
    return lanes.computeIfAbsent(name, _ -> new Lane());
  }

  private void left(Lane lane) {
    queued--;
    if (lane.length() == 0) {
      withWork.remove(lane);
    }
  }

  private boolean full() {
    return queued >= places + threads - running;
  }

  /** The longest lane pays with its newest job, unless the asking one would be as long. */
  private Optional<Job> dropFor(Lane asking) {
    return withWork.stream()
        .max(Comparator.comparingInt(Lane::length))
        .filter(longest -> longest.length() > asking.length() + 1)
        .map(
            longest -> {
              var newest = longest.removeNewest();
              left(longest);
              return newest;
            });
  }

  /** A lane's jobs come one after the other, and between them those of the other lanes. */
  private Duration estimatedWait(Lane lane) {
    var sharing = Math.max(1, withWork.size());
    return lane.averageRunTime()
        .multipliedBy((long) lane.length() * sharing)
        .dividedBy(lane.slow() ? slowThreads : threads);
  }
}
