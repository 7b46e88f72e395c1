package dev.warder.cli.bench;

import dev.warder.cli.common.Failures;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.ValidationRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Prepares policies and measures them, one after the other. */
public final class PolicyMeter {
  private final PolicyPreparer preparer;
  private final BenchPlan plan;
  private final Consumer<String> progress;

  /**
   * @param progress hears a line for people from time to time, on any thread
   */
  public PolicyMeter(PolicyPreparer preparer, BenchPlan plan, Consumer<String> progress) {
    this.preparer = preparer;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Takes as long as the plan says, and the preparation.
   *
   * @param module the name that it gets in the result
   * @param requests what to let the policy judge, at least one
   * @throws dev.warder.cli.common.CommandFailedException if the policy cannot be prepared, or fails
   *     at a request
   */
  public PolicyFigures measure(
      String module,
      PreparationRequest wanted,
      Function<PreparedPolicy, List<ValidationRequest>> requests)
      throws InterruptedException {
    var began = System.nanoTime();
    var cpu = ProcessFigures.cpuNanos();
    var policy =
        Failures.valueOf(preparer.prepare(wanted, step -> progress.accept(module + ": " + step)));
    var preparation =
        new PolicyFigures.Duration(
            (System.nanoTime() - began) / 1e6, (ProcessFigures.cpuNanos() - cpu) / 1e6);
    var evaluator = new Evaluator(policy, requests.apply(policy), wanted.budget());
    try (var bench =
        new PolicyBench(evaluator, plan, line -> progress.accept(module + ": " + line))) {
      return bench.measure(module, preparation);
    }
  }
}
