package dev.warder.webhook.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The jobs of one policy in a {@link FairQueue}. */
final class Lane {
  /** A policy that takes this long on average must leave a worker to the others. */
  private static final Duration SLOW = Duration.ofMillis(250);

  private final Deque<Job> waiting = new ArrayDeque<>();
  private final RunTimeAverage runTimes = new RunTimeAverage();
  private int running;

  /** Thread time used so far; a lane that was idle is not owed the time it did not use. */
  private Duration used = Duration.ZERO;

  boolean idle() {
    return waiting.isEmpty() && running == 0;
  }

  boolean slow() {
    return runTimes.value().compareTo(SLOW) >= 0;
  }

  int length() {
    return waiting.size();
  }

  Duration used() {
    return used;
  }

  Duration averageRunTime() {
    return runTimes.value();
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

  /** Takes the oldest job. Until it has ended, it counts as long as the average. */
  Job begin() {
    running++;
    used = used.plus(averageRunTime());
    return waiting.removeFirst();
  }

  /**
   * @param expected the average when it began
   */
  void ended(Duration expected, Duration runTime) {
    running--;
    used = used.plus(runTime).minus(expected);
    runTimes.add(runTime);
  }
}
