package dev.warder.cli;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.webhook.http.AdmissionLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands that serve policies let them, and their modules, cost. */
final class EvaluationOptions {
  private static final int PAGE_BYTES = 64 << 10;

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
  private long evalMemory;

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

  EvaluationBudget budget() {
    var usual = EvaluationBudget.defaults();
    return new EvaluationBudget(
        evalTimeout,
        Math.clamp(evalMemory / PAGE_BYTES, 0, Integer.MAX_VALUE),
        usual.stdoutBytes(),
        usual.stderrBytes(),
        usual.hostCalls());
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
