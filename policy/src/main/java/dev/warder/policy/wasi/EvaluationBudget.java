package dev.warder.policy.wasi;

import java.time.Duration;

/**
 * What one run may use. Call depth is bounded by the thread's stack: see {@link GuestThreads}.
 *
 * @param time wall clock, host functions included
 * @param memoryPages linear memory, in pages of 64 KiB
 * @param stdoutBytes what may be written to descriptor 1
 * @param stderrBytes what may be written to descriptor 2
 * @param hostCalls calls of {@code host.call}
 */
public record EvaluationBudget(
    Duration time, int memoryPages, int stdoutBytes, int stderrBytes, int hostCalls) {
  /** The most that 32-bit linear memory can have in one Java array: just under 2 GiB. */
  public static final int MAX_MEMORY_PAGES = 32_767;

  public EvaluationBudget {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("time must be positive: " + time);
    }
    if (memoryPages < 1 || memoryPages > MAX_MEMORY_PAGES) {
      throw new IllegalArgumentException(
          "memoryPages must be 1 to " + MAX_MEMORY_PAGES + ": " + memoryPages);
    }
    if (stdoutBytes < 0 || stderrBytes < 0 || hostCalls < 0) {
      throw new IllegalArgumentException("a budget must not be negative");
    }
  }

  /** 2 s, 128 MiB of memory, 16 MiB of stdout, 1 MiB of stderr, 10,000 host calls. */
  public static EvaluationBudget defaults() {
    return new EvaluationBudget(Duration.ofSeconds(2), 2048, 16 << 20, 1 << 20, 10_000);
  }

  /** The same with another time limit. */
  public EvaluationBudget withTime(Duration limit) {
    return new EvaluationBudget(limit, memoryPages, stdoutBytes, stderrBytes, hostCalls);
  }
}
