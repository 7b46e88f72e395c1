package dev.warder.policy.wasi;

/**
 * Who is told that a guest waits for something else than a processor: sleeps, or has asked the host
 * for an answer. Meanwhile its thread needs no place among those that run.
 */
@FunctionalInterface
public interface Aside {
  /** Waits in the place that the guest has. */
  Aside NOBODY = Wait::outcome;

  /**
   * What is waited for.
   *
   * @param <T> what comes of it
   */
  @FunctionalInterface
  interface Wait<T> {
    /**
     * Blocks until there is an outcome.
     *
     * @throws InterruptedException if the guest's time is up
     */
    T outcome() throws InterruptedException;
  }

  /**
   * Called on the guest's thread, which goes on when this returns.
   *
   * @throws InterruptedException if the guest's time is up, be it in the wait or while it waits for
   *     a place to go on; the run ends then
   */
  <T> T waiting(Wait<T> wait) throws InterruptedException;
}
