package dev.warder.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** Undoes what was done, last thing first, once: when the demo ends or is interrupted. */
final class CleanUp implements AutoCloseable {
  private final Audience audience;
  private final Deque<AutoCloseable> tasks = new ArrayDeque<>();
  private final Thread atExit = Thread.ofPlatform().unstarted(this::interrupted);
  private boolean begun;

  CleanUp(Audience audience) {
    this.audience = audience;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Undoes this at the end; at once if the end has begun. */
  <T extends AutoCloseable> T later(T task) {
    synchronized (tasks) {
      if (!begun) {
        tasks.push(task);
        return task;
      }
    }
    undo(task);
    return task;
  }

  /** Whether somebody pressed Ctrl-C, so that nothing that fails now matters. */
  boolean hasBegun() {
    synchronized (tasks) {
      return begun;
    }
  }

  @Override
  public void close() {
    undoAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      audience.progress("interrupted");
    }
  }

  private void interrupted() {
    audience.progress("cleaning up");
    undoAll();
  }

  private void undoAll() {
    while (true) {
      AutoCloseable task;
      synchronized (tasks) {
        begun = true;
        if (tasks.isEmpty()) {
          return;
        }
        task = tasks.pop();
      }
      undo(task);
    }
  }

  private void undo(AutoCloseable task) {
    try {
      task.close();
    } catch (Exception e) {
      audience.progress("could not clean up completely: " + e);
    }
  }
}
