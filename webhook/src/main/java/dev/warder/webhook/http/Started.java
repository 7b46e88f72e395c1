package dev.warder.webhook.http;

import java.time.Duration;

/**
 * A job between {@link FairQueue#take} and {@link FairQueue#ended}. Not thread-safe: it belongs to
 * the queue.
 */
final class Started {
  /** Whether a job counts among those that run. */
  enum Place {
    /** It has one of the places. */
    HELD,
    /** Its guest waits, and somebody else may run. */
    GIVEN_BACK,
    /** Its guest will not go on, so that it needs none to its end. */
    FORGONE
  }

  private final Job job;
  private final Lane lane;
  private final boolean slow;
  private Place place = Place.HELD;

  /** What the lane was charged in advance for the time that is running now. */
  private Duration charged;

  private Duration runTime = Duration.ZERO;
  private Duration waited = Duration.ZERO;

  /**
   * @param slow whether it counts among the slow ones to its end
   * @param charged what the lane was charged at the start
   */
  Started(Job job, Lane lane, boolean slow, Duration charged) {
    this.job = job;
    this.lane = lane;
    this.slow = slow;
    this.charged = charged;
  }

  Job job() {
    return job;
  }

  Lane lane() {
    return lane;
  }

  boolean slow() {
    return slow;
  }

  Place place() {
    return place;
  }

  /** It ran for that long since it has had its place. */
  void ran(Duration time) {
    lane.used(time.minus(charged));
    charged = Duration.ZERO;
    runTime = runTime.plus(time);
  }

  void giveBack() {
    place = Place.GIVEN_BACK;
  }

  /** The wait is over. */
  void goOn(Place now, Duration time) {
    place = now;
    waited = waited.plus(time);
  }

  /** All the time that it has used a thread. */
  Duration runTime() {
    return runTime;
  }

  /** All the time from its beginning on. */
  Duration span() {
    return runTime.plus(waited);
  }
}
