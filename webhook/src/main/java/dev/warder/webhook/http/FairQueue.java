package dev.warder.webhook.http;

import dev.warder.webhook.http.Started.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which job a free thread takes. Each policy has a lane; the next job comes from the lane
 * that has used the least time. Slow lanes never hold the last place, so that a policy which uses
 * up its time budget cannot hold up the others.
 *
 * <p>A job whose guest waits gives its place back, and takes one again before it goes on: ahead of
 * all queued jobs until it has run for {@link #HEAD_START}, then only ahead of those of lanes that
 * have not used less time. A lane never has more jobs under way than there are places, those that
 * wait included. Not thread-safe.
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

    /** Judging by the lane's recent run times, it would not end before its deadline. */
    record WaitTooLong() implements Offer {}
  }

  /** How many jobs, per place, may have given theirs back: each holds a thread and memory. */
  static final int WAITING_PER_PLACE = 4;

  /** Guests that run for longer and wait often must not hold up all that is queued. */
  static final Duration HEAD_START = Duration.ofMillis(100);

  private static final int MAX_LANES = 1000;

  private final int places;
  private final int slowPlaces;
  private final int queuePlaces;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Set<Lane> withWork = new LinkedHashSet<>();
  private final Set<Started> returning = new LinkedHashSet<>();
  private Duration usedByServed = Duration.ZERO;
  private int queued;
  private int running;
  private int slowRunning;
  private int waiting;

  /**
   * @param places how many jobs may run at a time
   * @param queuePlaces how many jobs may be queued, besides those that a free thread is about to
   *     take
   */
  FairQueue(int places, int queuePlaces) {
    this.places = places;
    this.slowPlaces = Math.max(1, places - 1);
    this.queuePlaces = queuePlaces;
  }

  Offer offer(Job job) {
    var lane = lane(job.lane());
    if (lane.tooLate(job.deadline(), estimatedWait(lane))) {
      return new Offer.WaitTooLong();
    }
    var room = queuePlaces + places - running - queued;
    var dropped = room == 0 ? dropFor(lane) : Optional.<Job>empty();
    // There is less than none when waiting guests came back to places that queued jobs counted on.
    if (room < 0 || (room == 0 && dropped.isEmpty())) {
      return new Offer.Full();
    }
    lane.add(job, usedByServed);
    withWork.add(lane);
    queued++;
    return new Offer.Accepted(dropped);
  }

  /** Takes out queued jobs that would be next, but can no longer end in time. */
  List<Job> removeLate() {
    var late = new ArrayList<Job>();
    for (var lane : List.copyOf(withWork)) {
      var gone = lane.removeLate();
      late.addAll(gone);
      left(lane, gone.size());
    }
    return late;
  }

  /** Whether {@link #take} would give a job. */
  boolean canBegin() {
    return next() != null;
  }

  /** Empty if nothing is queued that may begin now. */
  Optional<Started> take() {
    return Optional.ofNullable(next()).map(this::begin);
  }

  /**
   * The guest of a job begins to wait. False if too many wait already: then the job keeps its
   * place.
   *
   * @param ran how long it has run since it has had its place
   */
  boolean giveBack(Started started, Duration ran) {
    if (waiting >= WAITING_PER_PLACE * places) {
      return false;
    }
    started.ran(ran);
    started.giveBack();
    waiting++;
    vacate(started);
    return true;
  }

  /** The guest of a job has waited, and the job asks for a place: {@link #comeBack} tells when. */
  void askBack(Started started) {
    returning.add(started);
  }

  /** The job whose turn it is to come back, if there is one. */
  Optional<Started> nextBack() {
    var first = firstReturning();
    var lane = first == null ? null : firstLane();
    return first == null || (lane != null && !goesBefore(first, lane))
        ? Optional.empty()
        : Optional.of(first);
  }

  /**
   * The job has a place again, if it is its turn.
   *
   * @param waited how long it had none
   */
  boolean comeBack(Started started, Duration waited) {
    if (nextBack().filter(started::equals).isEmpty()) {
      return false;
    }
    noLongerWaits(started, Place.HELD, waited);
    running++;
    slowRunning += started.slow() ? 1 : 0;
    return true;
  }

  /** The guest of a job has waited, and will not go on: the job ends without a place. */
  void forgo(Started started, Duration waited) {
    noLongerWaits(started, Place.FORGONE, waited);
  }

  /**
   * @param ran how long it has run since it has had its place
   */
  void ended(Started started, Duration ran) {
    started.ran(ran);
    started.lane().ended(started);
    if (started.place() == Place.HELD) {
      vacate(started);
    }
  }

  /** False if it is not queued. */
  boolean withdraw(Job job) {
    var lane = lanes.get(job.lane());
    if (lane == null || !lane.remove(job)) {
      return false;
    }
    left(lane, 1);
    return true;
  }

  int queued() {
    return queued;
  }

  /** Jobs that have a place. */
  int running() {
    return running;
  }

  /** Jobs that have given their place back. */
  int waiting() {
    return waiting;
  }

  private Started begin(Lane lane) {
    usedByServed = lane.used();
    var started = lane.begin();
    left(lane, 1);
    running++;
    slowRunning += started.slow() ? 1 : 0;
    return started;
  }

  private void vacate(Started started) {
    running--;
    slowRunning -= started.slow() ? 1 : 0;
  }

  private void noLongerWaits(Started started, Place place, Duration waited) {
    returning.remove(started);
    waiting--;
    started.goOn(place, waited);
  }

  private @Nullable Lane next() {
    var lane = firstLane();
    var back = lane == null ? null : firstReturning();
    return lane == null || (back != null && goesBefore(back, lane)) ? null : lane;
  }

  private static boolean goesBefore(Started returning, Lane queued) {
    return hasHeadStart(returning) || returning.lane().used().compareTo(queued.used()) <= 0;
  }

  private static boolean hasHeadStart(Started started) {
    return started.runTime().compareTo(HEAD_START) < 0;
  }

  /** Of the lanes that may begin a job now, the one that has used the least. */
  private @Nullable Lane firstLane() {
    return running >= places
        ? null
        : withWork.stream()
            .filter(lane -> mayRun(lane.slow()) && lane.underWay() < places)
            .min(Comparator.comparing(Lane::used))
            .orElse(null);
  }

  private @Nullable Started firstReturning() {
    return running >= places
        ? null
        : returning.stream()
            .filter(started -> mayRun(started.slow()))
            .min(
                Comparator.comparing(FairQueue::hasHeadStart)
                    .reversed()
                    .thenComparing(started -> started.lane().used()))
            .orElse(null);
  }

  private boolean mayRun(boolean slow) {
    return !slow || slowRunning < slowPlaces;
  }

  private Lane lane(String name) {
    if (lanes.size() >= MAX_LANES) {
      lanes.values().removeIf(Lane::idle);
    }
    return lanes.computeIfAbsent(name, _ -> new Lane());
  }

  private void left(Lane lane, int jobs) {
    queued -= jobs;
    if (lane.length() == 0) {
      withWork.remove(lane);
    }
  }

  /** The longest lane pays with its newest job, unless the asking one would be as long. */
  private Optional<Job> dropFor(Lane asking) {
    return withWork.stream()
        .max(Comparator.comparingInt(Lane::length))
        .filter(longest -> longest.length() > asking.length() + 1)
        .map(
            longest -> {
              var newest = longest.removeNewest();
              left(longest, 1);
              return newest;
            });
  }

  /**
   * A lane's jobs come one after the other, and between them those of the other lanes; of those
   * whose guests wait, only so many are under way.
   */
  private Duration estimatedWait(Lane lane) {
    var sharing = Math.max(1, withWork.size());
    var running =
        lane.averageRunTime()
            .multipliedBy((long) lane.length() * sharing)
            .dividedBy(lane.slow() ? slowPlaces : places);
    var underWay = lane.averageSpan().multipliedBy(lane.length()).dividedBy(places);
    return running.compareTo(underWay) > 0 ? running : underWay;
  }
}
