package dev.warder.webhook.warmup;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** What a run costs, of the calling thread. */
interface RunClock {
  /** Nanoseconds since some moment. */
  long time();

  /** Nanoseconds of CPU that the calling thread has used. */
  long cpu();

  /** Milliseconds that the JVM's compilers have worked; known of a method when it is done. */
  long compiled();

  /** The machine's. Without a clock of CPU time, time stands in for it. */
  static RunClock system() {
    var threads = ManagementFactory.getThreadMXBean();
    var compilations = new Compilations(ManagementFactory.getCompilationMXBean());
    return threads.isCurrentThreadCpuTimeSupported()
        ? new Threads(threads, compilations)
        : new TimeOnly(compilations);
  }

  /** The JVM's compilers, if it has any. */
  record Compilations(@Nullable CompilationMXBean compilers) {
    long millis() {
      return compilers != null && compilers.isCompilationTimeMonitoringSupported()
          ? compilers.getTotalCompilationTime()
          : 0;
    }
  }

  /** With a clock of CPU time. */
  record Threads(ThreadMXBean threads, Compilations compilations) implements RunClock {
    @Override
    public long time() {
      return System.nanoTime();
    }

    @Override
    public long cpu() {
      return threads.getCurrentThreadCpuTime();
    }

    @Override
    public long compiled() {
      return compilations.millis();
    }
  }

  /** Without one. */
  record TimeOnly(Compilations compilations) implements RunClock {
    @Override
    public long time() {
      return System.nanoTime();
    }

    @Override
    public long cpu() {
      return System.nanoTime();
    }

    @Override
    public long compiled() {
      return compilations.millis();
    }
  }
}
