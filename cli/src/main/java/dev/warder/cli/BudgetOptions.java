package dev.warder.cli;

import dev.warder.policy.wasi.EvaluationBudget;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that say what one evaluation may use, its time apart. */
final class BudgetOptions {
  private static final int PAGE_BYTES = 64 << 10;
  private static final long MAX_BYTES = 1L << 30;

  @Option(
      names = "--eval-memory",
      paramLabel = "SIZE",
      defaultValue = "128Mi",
      converter = Quantities.SizeConverter.class,
      description = {
        "Memory that one evaluation may have; all workers together need as many times of it,",
        "and evaluations that sleep need theirs besides: at most four for each worker",
        "(default: ${DEFAULT-VALUE})."
      })
  private long memory;

  @Option(
      names = "--eval-stdout",
      paramLabel = "SIZE",
      defaultValue = "16Mi",
      converter = Quantities.SizeConverter.class,
      description = "What one evaluation may write to stdout (default: ${DEFAULT-VALUE}).")
  private long stdout;

  @Option(
      names = "--eval-stderr",
      paramLabel = "SIZE",
      defaultValue = "1Mi",
      converter = Quantities.SizeConverter.class,
      description = "What one evaluation may write to stderr (default: ${DEFAULT-VALUE}).")
  private long stderr;

  @Option(
      names = "--eval-host-calls",
      paramLabel = "NUMBER",
      defaultValue = "10000",
      description = "How often one evaluation may call the host (default: ${DEFAULT-VALUE}).")
  private int hostCalls;

  @Option(
      names = "--eval-host-replies",
      paramLabel = "SIZE",
      defaultValue = "64Mi",
      converter = Quantities.SizeConverter.class,
      description = {
        "What the host's replies to one evaluation may have together",
        "(default: ${DEFAULT-VALUE})."
      })
  private long hostReplies;

  /**
   * The budget of an evaluation that may take this long.
   *
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  EvaluationBudget budget(Duration time) {
    return of(time, "--", memory, stdout, stderr, hostCalls, hostReplies);
  }

  /** The same, for a command that says what is wrong with its options. */
  EvaluationBudget budget(Duration time, CommandLine line) {
    try {
      return budget(time);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }

  static EvaluationBudget of(
      Duration time,
      String prefix,
      long memory,
      long stdout,
      long stderr,
      int hostCalls,
      long hostReplies) {
    if (hostCalls < 0) {
      throw new IllegalArgumentException(
          prefix + "eval-host-calls must not be negative: " + hostCalls);
    }
    return new EvaluationBudget(
        time,
        pages(prefix + "eval-memory", memory),
        bytes(prefix + "eval-stdout", stdout),
        bytes(prefix + "eval-stderr", stderr),
        hostCalls,
        bytes(prefix + "eval-host-replies", hostReplies));
  }

  private static int pages(String option, long bytes) {
    var pages = bytes / PAGE_BYTES;
    if (pages < 1 || pages > EvaluationBudget.MAX_MEMORY_PAGES) {
      throw new IllegalArgumentException(
          option + " must be at least 64Ki and less than 2Gi: " + bytes + " bytes");
    }
    return Math.toIntExact(pages);
  }

  private static int bytes(String option, long bytes) {
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(option + " must be at most 1Gi: " + bytes + " bytes");
    }
    return Math.toIntExact(bytes);
  }
}
