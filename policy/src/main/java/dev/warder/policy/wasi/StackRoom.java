package dev.warder.policy.wasi;

/**
 * Makes sure that there is stack left before code runs that shares data with other threads: a guest
 * may call the host at the very end of its stack, and an overflow in the middle of a change would
 * leave that data broken for everybody.
 */
final class StackRoom {
  /** Each takes at least 48 bytes, compiled, and some 200 before. */
  private static final int FRAMES = 3000;

  private StackRoom() {}

  /**
   * Returns if there are some hundred kilobytes left.
   *
   * @throws StackOverflowError if not, which ends the guest
   */
  static void check() {
    var depth = descend(FRAMES, 1, 2, 3);
    if (depth == 0) {
      throw new IllegalStateException("no frame was made");
    }
  }

  private static long descend(int frames, long a, long b, long c) {
    return frames == 0 ? a + b + c : 1 + descend(frames - 1, b ^ frames, c + a, a - b) | 1;
  }
}
