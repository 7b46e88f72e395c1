package dev.warder.cli;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.webhook.http.AdmissionLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that serve policies let them, and their modules, cost. */
final class EvaluationOptions {
  @Option(
      names = "--max-module-size",
      paramLabel = "SIZE",
      defaultValue = "128Mi",
      converter = Quantities.SizeConverter.class,
      description = "Refuses larger modules (default: ${DEFAULT-VALUE}).")
  private long maxModuleSize;

  @Option(
      names = "--fetch-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Quantities.DurationConverter.class,
      description = "How long fetching one module may take (default: ${DEFAULT-VALUE}).")
  private Duration fetchTimeout;

  @Option(
      names = "--eval-timeout",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = Quantities.DurationConverter.class,
      description = {
        "How long one evaluation may take, unless the policy has timeoutEvalSeconds",
        "(default: ${DEFAULT-VALUE})."
      })
  private Duration evalTimeout;

  @Mixin private BudgetOptions budget;

  @Option(
      names = "--workers",
      paramLabel = "NUMBER",
      description = "Evaluations at the same time (default: as many as there are CPUs).")
  private @Nullable Integer workers;

  @Option(
      names = "--queue",
      paramLabel = "NUMBER",
      defaultValue = "256",
      description = "Requests that may wait for a worker (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--warm-up-cpu",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Quantities.DurationOrOffConverter.class,
      description = {
        "CPU time to run a newly served module with made-up requests for, so that it is fast",
        "when real ones come; 0 for no such warm-up (default: ${DEFAULT-VALUE})."
      })
  private Duration warmUpCpu;

  /** CPU time to warm up a program with; zero for no warm-up. */
  Duration warmUpCpu() {
    return warmUpCpu;
  }

  FetchLimits fetchLimits() {
    var usual = FetchLimits.defaults();
    return new FetchLimits(
        maxModuleSize,
        usual.maxManifestBytes(),
        usual.maxRedirects(),
        usual.connectTimeout(),
        usual.readTimeout(),
        fetchTimeout);
  }

  /**
   * The budget of an evaluation.
   *
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  EvaluationBudget budget() {
    return budget.budget(evalTimeout);
  }

  /**
   * @throws IllegalArgumentException if there is not even one, as {@link #queue} does
   */
  int workers() {
    return atLeastOne(
        "--workers", workers == null ? Runtime.getRuntime().availableProcessors() : workers);
  }

  int queue() {
    return atLeastOne("--queue", queue);
  }

  AdmissionLimits limits() {
    return AdmissionLimits.defaults().withPool(workers(), queue());
  }

  private static int atLeastOne(String option, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(option + " must be at least 1: " + number);
    }
    return number;
  }
}
