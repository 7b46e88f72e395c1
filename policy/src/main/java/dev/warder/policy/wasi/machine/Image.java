package dev.warder.policy.wasi.machine;

import java.util.Arrays;

/**
 * The memory and globals from which evaluations start; immutable, shared by all instances. Blocks
 * of equal content may be shared by several images, blocks of zeros always are.
 */
public final class Image {
  /** Bytes per block. */
  public static final int BLOCK_BYTES = 4096;

  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  private final int pages;
  private final byte[][] blocks;
  private final long[] globals;

  private Image(int pages, byte[][] blocks, long[] globals) {
    this.pages = pages;
    this.blocks = blocks;
    this.globals = globals;
  }

  /**
   * Makes an image.
   *
   * @param pages of 64 KiB
   * @param content the beginning of the memory; what follows is zero
   * @param globals raw bits, in the order of their indices
   */
  public static Image of(int pages, byte[] content, long[] globals, BlockSharing sharing) {
    var blocks = new byte[Math.ceilDiv(content.length, BLOCK_BYTES)][];
    for (int i = 0; i < blocks.length; i++) {
      var block = Arrays.copyOfRange(content, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
      blocks[i] = Arrays.equals(block, ZEROS) ? ZEROS : sharing.shared(block);
    }
    return new Image(pages, blocks, globals.clone());
  }

  public int pages() {
    return pages;
  }

  public int globalCount() {
    return globals.length;
  }

  /** The raw bits of a global. */
  public long global(int index) {
    return globals[index];
  }

  /** Bytes of memory up to the last one that may not be zero. */
  public int contentBytes() {
    return blocks.length * BLOCK_BYTES;
  }

  /** Copies a range that lies within one block; behind the content there are zeros. */
  void copyTo(byte[] target, int from, int length) {
    var block = from / BLOCK_BYTES;
    if (block < blocks.length) {
      System.arraycopy(blocks[block], from % BLOCK_BYTES, target, from, length);
    } else {
      Arrays.fill(target, from, from + length, (byte) 0);
    }
  }

  /** Whether the range of a memory is as in this image. */
  boolean equalAt(byte[] memory, int from, int length) {
    for (int at = from; at < from + length; at++) {
      var block = at / BLOCK_BYTES;
      var expected = block < blocks.length ? blocks[block][at % BLOCK_BYTES] : 0;
      if (memory[at] != expected) {
        return false;
      }
    }
    return true;
  }
}
