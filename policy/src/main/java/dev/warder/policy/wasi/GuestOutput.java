package dev.warder.policy.wasi;

import java.io.ByteArrayOutputStream;

/** Descriptor 1 or 2: kept in memory up to a budget. */
final class GuestOutput {
  private final Overrun overrun;
  private final EvaluationBudget budget;
  private final int limit;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private GuestOutput(Overrun overrun, EvaluationBudget budget, int limit) {
    this.overrun = overrun;
    this.budget = budget;
    this.limit = limit;
  }

  static GuestOutput stdout(EvaluationBudget budget) {
    return new GuestOutput(Overrun.STDOUT, budget, budget.stdoutBytes());
  }

  static GuestOutput stderr(EvaluationBudget budget) {
    return new GuestOutput(Overrun.STDERR, budget, budget.stderrBytes());
  }

  /** Takes the bytes from the guest; what fits is kept even when the budget ends the run. */
  void take(GuestMemory memory, int address, int length) {
    var room = limit - written.size();
    var kept = Math.min(length, room);
    written.writeBytes(memory.read(address, kept));
    if (length > room) {
      throw BudgetText.over(overrun, budget);
    }
  }

  byte[] bytes() {
    return written.toByteArray();
  }
}
