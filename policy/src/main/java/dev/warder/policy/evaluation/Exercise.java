package dev.warder.policy.evaluation;

import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;

/**
 * A made-up request that a policy judges again and again, so that its code gets fast before
 * somebody waits for it. What the policy decides reaches nobody. Safe for concurrent use.
 */
public final class Exercise {
  private final CompiledModule program;
  private final Rehearsal rehearsal;
  private final byte[] input;
  private final RecordedCalls calls;

  /**
   * @param calls what the host told the policy when it was tried
   */
  Exercise(
      CompiledModule program, Rehearsal rehearsal, PolicySettings settings, RecordedCalls calls) {
    this.calls = calls;
    this.program = program;
    this.rehearsal = rehearsal;
    this.input = ValidateInput.of(rehearsal.request(), settings);
  }

  /** Names it for people, such as {@code CREATE of Pod}. */
  public String title() {
    return rehearsal.title();
  }

  /**
   * Runs it once on the calling thread; the host answers only what it answered in the rehearsal.
   *
   * @return whether the policy answered; no reason to go on if not
   * @throws IllegalStateException if the thread does not come from {@link
   *     dev.warder.policy.wasi.GuestThreads}
   */
  public boolean run(EvaluationBudget budget) {
    var run = program.run(Command.VALIDATE, input, budget, calls.alone());
    return Verdict.of(rehearsal.request(), run).ending() instanceof Ending.Answered;
  }
}
