package dev.warder.webhook.warmup;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/** The warm-up of one program: its drills in turn, until they no longer pay. Not thread-safe. */
final class Course {
  /** Until so many runs, or so much time, a course comes before those that are further. */
  static final int FIRST_RUNS = 64;

  static final Duration FIRST_TIME = Duration.ofSeconds(5);

  /** A policy that waits instead of working must come to an end as well. */
  static final int TIME_PER_CPU = 4;

  /** A busy machine is no reason to give up at once. */
  static final int MAX_FAILURES = 3;

  /** Why a course is over. */
  enum End {
    /** Its times no longer fall. */
    FLAT,
    /** It has used its CPU time, or waited for too long. */
    SPENT,
    /** No drill gets an answer. */
    FAILED
  }

  /** Something that can be run again and again. */
  @FunctionalInterface
  interface Drill {
    /** Runs it once; false if it got no answer. */
    boolean run();
  }

  private static final class Practice {
    private final Drill drill;
    private int failures;

    private Practice(Drill drill) {
      this.drill = drill;
    }
  }

  private final Deque<Practice> practices = new ArrayDeque<>();
  private final RunClock clock;
  private final long cpuBudget;
  private final RunTimes times = new RunTimes();
  private int runs;
  private long time;
  private long cpu;

  Course(Collection<? extends Drill> drills, RunClock clock, Duration cpuBudget) {
    drills.forEach(drill -> practices.add(new Practice(drill)));
    this.clock = clock;
    this.cpuBudget = cpuBudget.toNanos();
  }

  /**
   * Runs the next drill once. Not after the end.
   *
   * @return the CPU time that it took
   */
  Duration step() {
    var practice = practices.removeFirst();
    var timeBefore = clock.time();
    var cpuBefore = clock.cpu();
    var answered = practice.drill.run();
    var cpuTaken = clock.cpu() - cpuBefore;
    time += clock.time() - timeBefore;
    cpu += cpuTaken;
    runs++;
    practice.failures = answered ? 0 : practice.failures + 1;
    if (practice.failures < MAX_FAILURES) {
      practices.addLast(practice);
    }
    if (answered) {
      times.add(Duration.ofNanos(cpuTaken), clock.compiled());
    }
    return Duration.ofNanos(cpuTaken);
  }

  boolean young() {
    return runs < FIRST_RUNS && time < FIRST_TIME.toNanos();
  }

  Optional<End> end() {
    if (practices.isEmpty()) {
      return Optional.of(End.FAILED);
    }
    if (cpu >= cpuBudget || time / TIME_PER_CPU >= cpuBudget) {
      return Optional.of(End.SPENT);
    }
    return times.flat() ? Optional.of(End.FLAT) : Optional.empty();
  }

  int runs() {
    return runs;
  }

  Duration cpu() {
    return Duration.ofNanos(cpu);
  }
}
