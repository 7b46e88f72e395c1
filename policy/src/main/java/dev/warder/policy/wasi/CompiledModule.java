package dev.warder.policy.wasi;

import dev.warder.policy.reference.Digest;

/** A module ready to run; safe for concurrent use, every run has its own instance. */
public final class CompiledModule {
  private final Digest digest;

  CompiledModule(Digest digest) {
    this.digest = digest;
  }

  public Digest digest() {
    return digest;
  }

  /**
   * Runs the module once, from a fresh instance, on the calling thread.
   *
   * @throws IllegalStateException if the thread does not come from {@link GuestThreads}
   */
  public Run run(Command command, byte[] stdin, EvaluationBudget budget) {
    if (!GuestThreads.isCurrent()) {
      throw new IllegalStateException("guest code runs only on threads of GuestThreads");
    }
    return new Run.NotStarted("the module has no function _start");
  }
}
