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
 * @param hostReplyBytes what the replies to these calls may have together
 */
public record EvaluationBudget(
    Duration time,
    int memoryPages,
    int stdoutBytes,
    int stderrBytes,
    int hostCalls,
    int hostReplyBytes) {
  /** The most that 32-bit linear memory can have in one Java array: just under 2 GiB. */
  public static final int MAX_MEMORY_PAGES = 32_767;

  /** The prefix of the annotations that size one policy's budgets, such as {@code eval-memory}. */
  public static final String ANNOTATION_PREFIX = "policies.warder.dev/";

  public EvaluationBudget {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("time must be positive: " + time);
    }
    if (memoryPages < 1 || memoryPages > MAX_MEMORY_PAGES) {
      throw new IllegalArgumentException(
          "memoryPages must be 1 to " + MAX_MEMORY_PAGES + ": " + memoryPages);
    }
    if (stdoutBytes < 0 || stderrBytes < 0 || hostCalls < 0 || hostReplyBytes < 0) {
      throw new IllegalArgumentException("a budget must not be negative");
    }
  }

  /**
   * 2 s, 128 MiB of memory, 16 MiB of stdout, 1 MiB of stderr, 10,000 host calls, 64 MiB of
   * replies.
   */
  public static EvaluationBudget defaults() {
    return new EvaluationBudget(Duration.ofSeconds(2), 2048, 16 << 20, 1 << 20, 10_000, 64 << 20);
  }

  /** The same with another time limit. */
  public EvaluationBudget withTime(Duration limit) {
    return new EvaluationBudget(
        limit, memoryPages, stdoutBytes, stderrBytes, hostCalls, hostReplyBytes);
  }

  /** The same with another limit of memory, in pages of 64 KiB. */
  public EvaluationBudget withMemoryPages(int limit) {
    return new EvaluationBudget(time, limit, stdoutBytes, stderrBytes, hostCalls, hostReplyBytes);
  }

  /** The same with another limit of standard output, in bytes. */
  public EvaluationBudget withStdoutBytes(int limit) {
    return new EvaluationBudget(time, memoryPages, limit, stderrBytes, hostCalls, hostReplyBytes);
  }

  /** The same with another limit of standard error, in bytes. */
  public EvaluationBudget withStderrBytes(int limit) {
    return new EvaluationBudget(time, memoryPages, stdoutBytes, limit, hostCalls, hostReplyBytes);
  }

  /** The same with another limit of host calls. */
  public EvaluationBudget withHostCalls(int limit) {
    return new EvaluationBudget(time, memoryPages, stdoutBytes, stderrBytes, limit, hostReplyBytes);
  }

  /** The same with another limit of host replies, in bytes. */
  public EvaluationBudget withHostReplyBytes(int limit) {
    return new EvaluationBudget(time, memoryPages, stdoutBytes, stderrBytes, hostCalls, limit);
  }
}
