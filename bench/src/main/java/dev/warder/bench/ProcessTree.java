package dev.warder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A process and all that it has started, as Linux tells it. */
record ProcessTree(ProcessHandle root) {
  /** Clock ticks of /proc; the same on every Linux that runs a JVM. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int REAPED_SYSTEM_TICKS = 14;

  /** CPU of all that live, and of children that ended. */
  double cpuSeconds() {
    return members().mapToLong(ProcessTree::ticks).sum() / TICKS_PER_SECOND;
  }

  /** Resident memory of all together, pages that they share counted for each. */
  long residentBytes() {
    return members().mapToLong(process -> status(process, "VmRSS:")).sum();
  }

  /** The most that the first process ever had. */
  long peakBytes() {
    return status(root, "VmHWM:");
  }

  private Stream<ProcessHandle> members() {
    return Stream.concat(Stream.of(root), root.descendants());
  }

  private static long ticks(ProcessHandle process) {
    try {
      var stat = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
      // The name before it may hold anything.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long sum = 0;
      for (int i = USER_TICKS; i <= REAPED_SYSTEM_TICKS; i++) {
        sum += Long.parseLong(fields[i]);
      }
      return sum;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static long status(ProcessHandle process, String name) {
    try (var lines = Files.lines(Path.of("/proc", "" + process.pid(), "status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .sum();
    } catch (IOException gone) {
      return 0;
    }
  }
}
