package dev.warder.webhook.warmup;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What a run costs, of the calling thread. */
interface RunClock {
  /** Nanoseconds since some moment. */
  long time();

  /** Nanoseconds of CPU that the calling thread has used. */
  long cpu();

  /** The machine's. Without a clock of CPU time, time stands in for it. */
  static RunClock system() {
    var threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported() ? new Threads(threads) : new TimeOnly();
  }

  /** With a clock of CPU time. */
  record Threads(ThreadMXBean threads) implements RunClock {
    @Override
    public long time() {
      return System.nanoTime();
    }

    @Override
    public long cpu() {
      return threads.getCurrentThreadCpuTime();
    }
  }

  /** Without one. */
  record TimeOnly() implements RunClock {
    @Override
    public long time() {
      return System.nanoTime();
    }

    @Override
    public long cpu() {
      return System.nanoTime();
    }
  }
}
