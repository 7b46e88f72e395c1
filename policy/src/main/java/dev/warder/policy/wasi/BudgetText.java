package dev.warder.policy.wasi;

import java.time.Duration;

/** What a person reads when a run was stopped: the budget, its size, and what raises it. */
final class BudgetText {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int PAGES_PER_MIB = 16;

  private BudgetText() {}

  static Stop.OverBudget over(Overrun overrun, EvaluationBudget budget) {
    return new Stop.OverBudget(overrun, message(overrun, budget));
  }

  static String message(Overrun overrun, EvaluationBudget budget) {
    return "policy exceeded its "
        + switch (overrun) {
          case TIME -> "time budget of " + duration(budget.time()) + " (timeoutEvalSeconds)";
          case MEMORY -> "memory budget of " + pages(budget.memoryPages()) + raisedBy(overrun);
          case STDOUT -> "stdout budget of " + bytes(budget.stdoutBytes()) + raisedBy(overrun);
          case STDERR -> "stderr budget of " + bytes(budget.stderrBytes()) + raisedBy(overrun);
          case CALL_DEPTH ->
              "call depth budget of " + bytes(GuestThreads.STACK_BYTES) + " of stack (fixed)";
          case HOST_CALLS -> "budget of " + budget.hostCalls() + " host calls" + raisedBy(overrun);
          case HOST_REPLIES ->
              "budget of "
                  + bytes(budget.hostReplyBytes())
                  + " of host replies"
                  + raisedBy(overrun);
        };
  }

  private static String raisedBy(Overrun overrun) {
    return " (--%s; for one policy: annotation %s)"
        .formatted(overrun.setting(), EvaluationBudget.ANNOTATION_PREFIX + overrun.setting());
  }

  static String pages(int pages) {
    return pages % PAGES_PER_MIB == 0 ? pages / PAGES_PER_MIB + " MiB" : pages * (1 << 6) + " KiB";
  }

  private static String bytes(int bytes) {
    if (bytes >= MIB && bytes % MIB == 0) {
      return bytes / MIB + " MiB";
    }
    return bytes >= KIB && bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
  }

  private static String duration(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
