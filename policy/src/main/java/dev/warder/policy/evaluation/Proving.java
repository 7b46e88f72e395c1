package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Execution.Mode;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.Run;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** A policy's first runs, before anything depends on it; each on a guest thread of its own. */
final class Proving {
  private final ThreadFactory threads = GuestThreads.factory("warder-proving");

  /** Lets the policy judge its settings. */
  Outcome<ConfiguredPolicy> configure(
      CompiledPolicy policy, PolicySettings settings, EvaluationBudget budget) {
    return onGuestThread(
        () ->
            run(policy, Command.VALIDATE_SETTINGS, settings.json(), budget)
                .then(
                    tried ->
                        SettingsCheck.of(settings, tried.run())
                            .map(accepted -> new ConfiguredPolicy(tried.policy(), accepted))));
  }

  /** Lets the policy judge a made-up request; what it decides does not matter. */
  Outcome<PreparedPolicy> rehearse(ConfiguredPolicy configured, EvaluationBudget budget) {
    var policy = configured.policy();
    var rehearsal = Rehearsal.of(policy.metadata());
    var input = ValidateInput.of(rehearsal.request(), configured.settings());
    return onGuestThread(
        () ->
            run(policy, Command.VALIDATE, input, budget)
                .then(
                    tried ->
                        judged(
                            new ConfiguredPolicy(tried.policy(), configured.settings()),
                            rehearsal,
                            tried.run())));
  }

  private static Outcome<PreparedPolicy> judged(
      ConfiguredPolicy configured, Rehearsal rehearsal, Run run) {
    var verdict = Verdict.of(rehearsal.request(), run);
    return verdict.ending() instanceof Ending.Answered
        ? Outcome.done(new PreparedPolicy(configured.policy(), configured.settings()))
        : Outcome.failed(
            Reason.RehearsalFailed,
            "The policy failed at a made-up request (%s): %s"
                .formatted(rehearsal.title(), verdict.message()));
  }

  /**
   * A run that tells something.
   *
   * @param policy as it shall be run from now on
   */
  private record Tried(CompiledPolicy policy, Run run) {}

  /** A snapshot is believed only while it answers like the module itself. */
  private static Outcome<Tried> run(
      CompiledPolicy policy, Command command, byte[] stdin, EvaluationBudget budget) {
    var program = policy.program();
    if (program.execution().mode() != Mode.PREINITIALISED || program.isProven(command, stdin)) {
      return twice(program, command, stdin, budget).map(run -> new Tried(policy, run));
    }
    var direct = program.reference();
    return twice(direct, command, stdin, budget)
        .then(
            expected ->
                twice(program, command, stdin, budget)
                    .map(
                        run ->
                            Comparison.difference(expected, run)
                                .map(
                                    difference ->
                                        new Tried(
                                            policy.with(program.direct(why(command, difference))),
                                            expected))
                                .orElseGet(() -> proven(policy, command, stdin, run))));
  }

  private static Tried proven(CompiledPolicy policy, Command command, byte[] stdin, Run run) {
    policy.program().setProven(command, stdin);
    return new Tried(policy, run);
  }

  private static String why(Command command, String difference) {
    return "pre-initialised, the module answers %s differently: %s"
        .formatted(command.argument(), difference);
  }

  /**
   * A program that was just compiled runs at a fraction of its later speed, so a first run that
   * takes too long proves nothing yet; nor does a second one on a machine that is busy.
   */
  private static Outcome<Run> twice(
      CompiledModule program, Command command, byte[] stdin, EvaluationBudget budget) {
    var first = program.run(command, stdin, budget);
    var last = ranOutOfTime(first) ? program.run(command, stdin, budget) : first;
    return last instanceof Run.Overran(var _, var message, var _) && ranOutOfTime(last)
        ? Outcome.failed(
            Reason.TrialTimedOut,
            "Trying the policy (%s) failed twice: %s".formatted(command.argument(), message))
        : Outcome.done(last);
  }

  private static boolean ranOutOfTime(Run run) {
    return run instanceof Run.Overran(var exceeded, var _, var _) && exceeded == Overrun.TIME;
  }

  private <T> Outcome<T> onGuestThread(Supplier<Outcome<T>> work) {
    var task = new FutureTask<>(work::get);
    threads.newThread(task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.InternalError, "Stopped while trying the policy, as Warder is shutting down");
    } catch (ExecutionException e) {
      throw new IllegalStateException("trying the policy failed", e.getCause());
    }
  }
}
