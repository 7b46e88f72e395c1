package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Execution.Mode;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Run;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** A policy's first runs, before anything depends on it; each on a guest thread of its own. */
final class Proving {
  /** What stands for a request's uid in the log. */
  private static final String TRIAL = "warder-rehearsal";

  private final ThreadFactory threads = GuestThreads.factory("warder-proving");

  /** Lets the policy judge its settings. */
  Outcome<ConfiguredPolicy> configure(
      ConnectedPolicy policy, PolicySettings settings, EvaluationBudget budget) {
    return onGuestThread(
        () ->
            run(policy, Command.VALIDATE_SETTINGS, settings.json(), budget, new RecordedCalls())
                .then(
                    tried ->
                        SettingsCheck.of(settings, tried.run())
                            .map(accepted -> new ConfiguredPolicy(tried.policy(), accepted))));
  }

  /** Lets the policy judge a made-up request; what it decides does not matter. */
  Outcome<PreparedPolicy> rehearse(ConfiguredPolicy configured, EvaluationBudget budget) {
    var policy = configured.policy();
    var rehearsal = Rehearsal.of(policy.compiled().metadata());
    var calls = new RecordedCalls();
    var input = ValidateInput.of(rehearsal.request(), configured.settings());
    return onGuestThread(
        () ->
            run(policy, Command.VALIDATE, input, budget, calls)
                .then(
                    tried ->
                        judged(
                            new ConfiguredPolicy(tried.policy(), configured.settings()),
                            rehearsal,
                            tried.run(),
                            calls)));
  }

  private static Outcome<PreparedPolicy> judged(
      ConfiguredPolicy configured, Rehearsal rehearsal, Run run, RecordedCalls calls) {
    var verdict = Verdict.of(rehearsal.request(), run);
    return verdict.ending() instanceof Ending.Answered
        ? Outcome.done(
            new PreparedPolicy(configured.policy(), configured.settings(), calls.small()))
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
  private record Tried(ConnectedPolicy policy, Run run) {}

  /** A snapshot is believed only while it answers like the module itself. */
  private static Outcome<Tried> run(
      ConnectedPolicy policy,
      Command command,
      byte[] stdin,
      EvaluationBudget budget,
      RecordedCalls calls) {
    var program = policy.compiled().program();
    var gate = calls.through(policy.access().gate(TRIAL));
    var trial = new Trial(command, stdin, budget, gate);
    if (program.execution().mode() != Mode.PREINITIALISED || program.isProven(command, stdin)) {
      return trial.twice(program).map(run -> new Tried(policy, run));
    }
    return trial
        .twice(program.reference())
        .then(
            expected ->
                trial
                    .twice(program)
                    .map(
                        run ->
                            Comparison.difference(expected, run)
                                .map(
                                    difference ->
                                        new Tried(
                                            policy.with(
                                                policy
                                                    .compiled()
                                                    .with(
                                                        program.direct(why(command, difference)))),
                                            expected))
                                .orElseGet(() -> proven(policy, command, stdin, run))));
  }

  private static Tried proven(ConnectedPolicy policy, Command command, byte[] stdin, Run run) {
    policy.compiled().program().setProven(command, stdin);
    return new Tried(policy, run);
  }

  private static String why(Command command, String difference) {
    return "pre-initialised, the module answers %s differently: %s"
        .formatted(command.argument(), difference);
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
