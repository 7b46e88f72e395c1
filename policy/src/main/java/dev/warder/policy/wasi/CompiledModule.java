package dev.warder.policy.wasi;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.Program.Origin;
import java.util.Optional;

/** A module ready to run; safe for concurrent use, every run has an instance for itself. */
public final class CompiledModule {
  private static final int[] NO_FLAGS = {};

  private final Digest digest;
  private final Program program;
  private final Execution execution;
  private final RunContext context;
  private final boolean often;

  CompiledModule(Digest digest, Program program, Execution execution, RunContext context) {
    this(digest, program, execution, context, true);
  }

  private CompiledModule(
      Digest digest, Program program, Execution execution, RunContext context, boolean often) {
    this.digest = digest;
    this.program = program;
    this.execution = execution;
    this.context = context;
    this.often = often;
  }

  Program program() {
    return program;
  }

  RunContext context() {
    return context;
  }

  public Digest digest() {
    return digest;
  }

  /** How {@link #run} runs it. */
  public Execution execution() {
    return execution;
  }

  /**
   * The same module, every run from its own beginning.
   *
   * @param why so, for people; one line
   */
  public CompiledModule direct(String why) {
    return new CompiledModule(digest, program, Execution.direct(why), context, true);
  }

  /**
   * The same module to compare with: from its own beginning, and no run leaves anything behind. A
   * module's start needs many classes that no evaluation from a snapshot does, so it has its own.
   */
  public CompiledModule reference() {
    return new CompiledModule(
        digest, program.another(), Execution.direct("to compare with"), context, false);
  }

  /**
   * Whether the run of an input has been found the same from the snapshot and from the module's
   * beginning.
   */
  public boolean isProven(Command command, byte[] stdin) {
    return context.proofs().contains(statement(command, stdin));
  }

  /** Remembers that, for as long as the program itself is kept. */
  public void setProven(Command command, byte[] stdin) {
    context.proofs().add(statement(command, stdin));
  }

  private String statement(Command command, byte[] stdin) {
    return program.facts().id() + ' ' + command.argument() + ' ' + Digest.of(stdin);
  }

  /** Runs it as the other {@code run} does, without any host capability. */
  public Run run(Command command, byte[] stdin, EvaluationBudget budget) {
    return run(command, stdin, budget, HostCallGate.closed());
  }

  /**
   * Runs the module once on the calling thread, which is never left interrupted. No run sees what
   * another one left.
   *
   * @param gate that the guest's calls of the host go through
   * @throws IllegalStateException if the thread does not come from {@link GuestThreads}
   */
  public Run run(Command command, byte[] stdin, EvaluationBudget budget, HostCallGate gate) {
    var thread = GuestThreads.current();
    var start = program.start();
    if (start.isEmpty()) {
      return new Run.NotStarted(
          "the function _start, which takes and returns nothing, cannot be found: build the module as"
              + " a WASI command, not as a library");
    }
    var beginning = beginning(command, start.getAsInt());
    var pages =
        beginning
            .origin()
            .map(origin -> program.image(origin).pages())
            .orElseGet(program::initialPages);
    if (pages > budget.memoryPages()) {
      return new Run.Overran(
          Overrun.MEMORY,
          "%s: the module starts with %s"
              .formatted(BudgetText.message(Overrun.MEMORY, budget), BudgetText.pages(pages)),
          new byte[0]);
    }
    return context
        .watcher()
        .within(
            budget.time(),
            deadline -> {
              var guest = new Guest(command, stdin, budget, deadline, gate);
              guest.descriptors().setFlags(beginning.flags());
              return new ModuleRun(program, beginning, kept(command), thread, guest, budget)
                  .toEnd();
            });
  }

  /** Where instances wait for the next run; settings are checked too rarely to wait for that. */
  private Optional<InstancePool> kept(Command command) {
    return often && command == Command.VALIDATE
        ? Optional.of(context.instances())
        : Optional.empty();
  }

  private Beginning beginning(Command command, int start) {
    var resume = program.facts().resumption();
    if (execution.mode() == Execution.Mode.PREINITIALISED && resume.isPresent()) {
      return new Beginning(
          Optional.of(Origin.snapshotOf(command)), resume.get().function(), resume.get().flags());
    }
    return new Beginning(
        program.reusable() ? Optional.of(Origin.BEGINNING) : Optional.empty(), start, NO_FLAGS);
  }
}
