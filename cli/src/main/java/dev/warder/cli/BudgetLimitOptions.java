package dev.warder.cli;

import dev.warder.policy.wasi.EvaluationBudget;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that say how much a policy may ask for by its annotations. */
final class BudgetLimitOptions {
  @Option(
      names = "--max-eval-memory",
      paramLabel = "SIZE",
      defaultValue = "512Mi",
      converter = Quantities.SizeConverter.class,
      description = {
        "The most that a policy's annotation policies.warder.dev/eval-memory may ask for; not",
        "less than --eval-memory, and likewise below (default: ${DEFAULT-VALUE})."
      })
  private long memory;

  @Option(
      names = "--max-eval-stdout",
      paramLabel = "SIZE",
      defaultValue = "64Mi",
      converter = Quantities.SizeConverter.class,
      description = "The same for eval-stdout (default: ${DEFAULT-VALUE}).")
  private long stdout;

  @Option(
      names = "--max-eval-stderr",
      paramLabel = "SIZE",
      defaultValue = "16Mi",
      converter = Quantities.SizeConverter.class,
      description = "The same for eval-stderr (default: ${DEFAULT-VALUE}).")
  private long stderr;

  @Option(
      names = "--max-eval-host-calls",
      paramLabel = "NUMBER",
      defaultValue = "100000",
      description = "The same for eval-host-calls (default: ${DEFAULT-VALUE}).")
  private int hostCalls;

  @Option(
      names = "--max-eval-host-replies",
      paramLabel = "SIZE",
      defaultValue = "256Mi",
      converter = Quantities.SizeConverter.class,
      description = "The same for eval-host-replies (default: ${DEFAULT-VALUE}).")
  private long hostReplies;

  /**
   * The largest budget.
   *
   * @param time is not limited by these options
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  EvaluationBudget most(Duration time) {
    return BudgetOptions.of(time, "--max-", memory, stdout, stderr, hostCalls, hostReplies);
  }
}
