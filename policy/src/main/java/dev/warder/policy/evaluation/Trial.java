package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.HostCallGate;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.Run;

/** One thing that a policy is tried with. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Trial(Command command, byte[] stdin, EvaluationBudget budget, HostCallGate gate) {
  /**
   * A program that was just compiled runs at a fraction of its later speed, so a first run that
   * takes too long proves nothing yet; nor does a second one on a machine that is busy.
   */
  Outcome<Run> twice(CompiledModule program) {
    var first = run(program);
    var last = ranOutOfTime(first) ? run(program) : first;
    return last instanceof Run.Overran(var _, var message, var _) && ranOutOfTime(last)
        ? Outcome.failed(
            Reason.TrialTimedOut,
            "Trying the policy (%s) failed twice: %s".formatted(command.argument(), message))
        : Outcome.done(last);
  }

  private Run run(CompiledModule program) {
    return program.run(command, stdin, budget, gate);
  }

  private static boolean ranOutOfTime(Run run) {
    return run instanceof Run.Overran(var exceeded, var _, var _) && exceeded == Overrun.TIME;
  }
}
