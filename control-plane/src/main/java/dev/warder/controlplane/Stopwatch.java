package dev.warder.controlplane;

import java.time.Duration;

/** Time since a start, unmoved by changes of the wall clock; prints as whole seconds. */
final class Stopwatch {

  private final long startNanos = System.nanoTime();

  private Stopwatch() {}

  static Stopwatch start() {
    return new Stopwatch();
  }

  boolean isOver(Duration limit) {
    return elapsed().compareTo(limit) > 0;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Override
  public String toString() {
    return elapsed().toSeconds() + " s";
  }
}
