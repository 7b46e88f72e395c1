package dev.warder.policy.wasi;

/**
 * How one run of a module ended. Output is raw bytes, as the guest wrote them; callers must not
 * change the arrays.
 */
public sealed interface Run {
  /** {@code _start} returned (code 0) or the guest called {@code proc_exit}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost on every evaluation
  record Exited(int code, byte[] stdout, byte[] stderr) implements Run {}

  /**
   * The guest crashed.
   *
   * @param trap the engine's reason, one line
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Trapped(String trap, byte[] stderr) implements Run {}

  /**
   * The guest was stopped because it exceeded a budget.
   *
   * @param message names the budget, its size and what raises it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Overran(Overrun budget, String message, byte[] stderr) implements Run {}

  /** No guest code ran: there is no {@code _start}, or the module could not be instantiated. */
  record NotStarted(String message) implements Run {}
}
