package dev.warder.policy.wasi;

import dev.warder.policy.reference.Digest;

/** A module ready to run; safe for concurrent use, every run has its own instance. */
public final class CompiledModule {
  private final Digest digest;
  private final Program program;
  private final DeadlineWatcher watcher;

  CompiledModule(Digest digest, Program program, DeadlineWatcher watcher) {
    this.digest = digest;
    this.program = program;
    this.watcher = watcher;
  }

  public Digest digest() {
    return digest;
  }

  /** How {@link #run} runs it. */
  public Execution execution() {
    return Execution.direct("the engine starts every evaluation from the beginning");
  }

  /**
   * Runs the module once, from a fresh instance, on the calling thread, which is never left
   * interrupted.
   *
   * @throws IllegalStateException if the thread does not come from {@link GuestThreads}
   */
  public Run run(Command command, byte[] stdin, EvaluationBudget budget) {
    if (!GuestThreads.isCurrent()) {
      throw new IllegalStateException("guest code runs only on threads of GuestThreads");
    }
    if (!program.exportsStart()) {
      return new Run.NotStarted(
          "the function _start, which takes and returns nothing, cannot be found: build the module as"
              + " a WASI command, not as a library");
    }
    if (program.initialPages() > budget.memoryPages()) {
      return new Run.Overran(
          Overrun.MEMORY,
          "%s: the module starts with %s"
              .formatted(
                  BudgetText.message(Overrun.MEMORY, budget),
                  BudgetText.pages(program.initialPages())),
          new byte[0]);
    }
    return watcher.within(
        budget.time(),
        deadline -> {
          var guest = new Guest(command, stdin, budget, deadline, HostCallGate.closed());
          return new ModuleRun(program, guest, budget).toEnd();
        });
  }
}
