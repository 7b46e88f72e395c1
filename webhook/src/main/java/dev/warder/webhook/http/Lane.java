package dev.warder.webhook.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The jobs of one policy in a {@link FairQueue}. */
final class Lane {
  /** A policy that takes this long on average must leave a worker to the others. */
  private static final Duration SLOW = Duration.ofMillis(250);

  private final Deque<Job> waiting = new ArrayDeque<>();
  private final RunTimeAverage runTimes = new RunTimeAverage();
  private final RunTimeAverage spans = new RunTimeAverage();
  private int underWay;

  /** Thread time used so far; a lane that was idle is not owed the time it did not use. */
  private Duration used = Duration.ZERO;

  boolean idle() {
    return waiting.isEmpty() && underWay == 0;
  }

  boolean slow() {
    return runTimes.value().compareTo(SLOW) >= 0;
  }

  int length() {
    return waiting.size();
  }

  /** Jobs that have begun, whether or not they have a place. */
  int underWay() {
    return underWay;
  }

  Duration used() {
    return used;
  }

  void used(Duration more) {
    used = used.plus(more);
  }

  /** How long a job uses a thread. */
  Duration averageRunTime() {
    return runTimes.value();
  }

  /** How long a job takes, the time that its guest waits included. */
  Duration averageSpan() {
    return spans.value();
  }

  /**
   * @param usedByOthers what a lane that is served now has used
   */
  void add(Job job, Duration usedByOthers) {
    if (idle() && used.compareTo(usedByOthers) < 0) {
      used = usedByOthers;
    }
    waiting.addLast(job);
  }

  boolean remove(Job job) {
    return waiting.remove(job);
  }

  Job removeNewest() {
    return waiting.removeLast();
  }

  /**
   * Whether a job that begins now would be cut off. If none is under way one is let through, as the
   * average would never learn otherwise.
   */
  boolean tooLate(Deadline deadline, Duration wait) {
    var needed = idle() ? wait : wait.plus(averageSpan());
    return needed.compareTo(deadline.remaining()) >= 0;
  }

  /** Takes out the oldest jobs as long as they are too late. */
  List<Job> removeLate() {
    var late = new ArrayList<Job>();
    while (underWay > 0
        && !waiting.isEmpty()
        && tooLate(waiting.getFirst().deadline(), Duration.ZERO)) {
      late.add(waiting.removeFirst());
    }
    return late;
  }

  /** Takes the oldest job. Until it has ended, it counts as long as the average. */
  Started begin() {
    var expected = averageRunTime();
    underWay++;
    used(expected);
    return new Started(waiting.removeFirst(), this, slow(), expected);
  }

  void ended(Started started) {
    underWay--;
    runTimes.add(started.runTime());
    spans.add(started.span());
  }
}
