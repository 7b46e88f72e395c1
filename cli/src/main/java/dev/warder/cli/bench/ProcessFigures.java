package dev.warder.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.warder.cli.bench.PolicyFigures.Memory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process uses. */
final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessFigures() {}

  static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Runnable threads per minute on the whole machine; negative where it is not known. */
  static double load() {
    return SYSTEM.getSystemLoadAverage();
  }

  /** Collects garbage first. */
  static Memory memory() {
    System.gc();
    return new Memory(
        status("VmRSS:"),
        status("VmHWM:"),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .mapToLong(ProcessFigures::used)
            .sum());
  }

  private static long used(MemoryPoolMXBean pool) {
    return pool.getUsage().getUsed();
  }

  private static long status(String name) {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
