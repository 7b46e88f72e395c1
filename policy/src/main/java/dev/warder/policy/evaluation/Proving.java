package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.EvaluationBudget;
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
                SettingsCheck.of(
                    settings, run(policy, Command.VALIDATE_SETTINGS, settings.json(), budget)))
        .map(accepted -> new ConfiguredPolicy(policy, accepted));
  }

  /** Lets the policy judge a made-up request; what it decides does not matter. */
  Outcome<PreparedPolicy> rehearse(ConfiguredPolicy configured, EvaluationBudget budget) {
    var policy = configured.policy();
    var rehearsal = Rehearsal.of(policy.metadata());
    var input = ValidateInput.of(rehearsal.request(), configured.settings());
    return onGuestThread(
        () -> {
          var verdict =
              Verdict.of(rehearsal.request(), run(policy, Command.VALIDATE, input, budget));
          return verdict.ending() instanceof Ending.Answered
              ? Outcome.done(new PreparedPolicy(policy, configured.settings()))
              : Outcome.failed(
                  Reason.RehearsalFailed,
                  "The policy failed at a made-up request (%s): %s"
                      .formatted(rehearsal.title(), verdict.message()));
        });
  }

  /**
   * A program that was just compiled runs at a fraction of its later speed, so a first run that
   * takes too long proves nothing yet.
   */
  private static Run run(
      CompiledPolicy policy, Command command, byte[] stdin, EvaluationBudget budget) {
    var first = policy.program().run(command, stdin, budget);
    return first instanceof Run.Overran(var exceeded, var _, var _) && exceeded == Overrun.TIME
        ? policy.program().run(command, stdin, budget)
        : first;
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
