package dev.warder.policy.wasi;

import org.jspecify.annotations.Nullable;

/** The world of one run: what its host functions read and change. */
final class Guest {
  private final Command command;
  private final EvaluationBudget budget;
  private final Deadline deadline;
  private final Descriptors descriptors;
  private final HostCallGate gate;
  private final long startNanos = System.nanoTime();
  private int hostCalls;
  private long hostReplyBytes;
  private @Nullable GuestMemory memory;

  Guest(
      Command command,
      byte[] stdin,
      EvaluationBudget budget,
      Deadline deadline,
      HostCallGate gate) {
    this.command = command;
    this.budget = budget;
    this.deadline = deadline;
    this.descriptors = new Descriptors(stdin, budget);
    this.gate = gate;
  }

  Command command() {
    return command;
  }

  Deadline deadline() {
    return deadline;
  }

  Descriptors descriptors() {
    return descriptors;
  }

  HostCallGate gate() {
    return gate;
  }

  /** Nanoseconds since the run started, never zero: Go takes zero for a broken clock. */
  long monotonicNanos() {
    return System.nanoTime() - startNanos + 1;
  }

  void attach(GuestMemory exported) {
    memory = exported;
  }

  GuestMemory memory() {
    if (memory == null) {
      throw new Stop.Trap("the module exports no memory named \"memory\"");
    }
    return memory;
  }

  void countHostCall() {
    hostCalls++;
    if (hostCalls > budget.hostCalls()) {
      throw over(Overrun.HOST_CALLS);
    }
  }

  void countHostReply(int bytes) {
    hostReplyBytes += bytes;
    if (hostReplyBytes > budget.hostReplyBytes()) {
      throw over(Overrun.HOST_REPLIES);
    }
  }

  Stop.OverBudget over(Overrun overrun) {
    return BudgetText.over(overrun, budget);
  }

  /** Ends the run if its time is up; for host functions that work or wait in a loop. */
  void checkTime() {
    if (deadline.remainingNanos() <= 0 || deadline.passed()) {
      throw over(Overrun.TIME);
    }
  }
}
