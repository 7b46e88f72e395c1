package dev.warder.policy.wasi.golang;

/**
 * A module's state from which it continues: with this memory and these globals in an instance of
 * the original module, call the loop function. Callers must not change the arrays.
 *
 * @param loopFunction its number among the functions; takes and returns nothing
 * @param memory all of it, whole pages
 * @param globals all of them, in order; those of 32 bits in the low half
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Snapshot(int loopFunction, byte[] memory, long[] globals) {
  /** Bytes of a page of memory. */
  public static final int PAGE_BYTES = 1 << 16;

  /** The size of the memory. */
  public int pages() {
    return memory.length / PAGE_BYTES;
  }
}
