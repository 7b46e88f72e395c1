package dev.warder.policy.wasi.golang;

import java.util.BitSet;
import java.util.List;

/**
 * A function of Go's compiler, taken to pieces: a table of branches leads to one of several blocks,
 * which run into each other, or set the number of the next one and go back to the table.
 *
 * @param declarations where the local variables are declared
 * @param locals their types, parameters first, as {@link LayoutReader} writes them
 * @param prologue what runs before the table
 * @param unwinds whether blocks may branch to {@code tail}
 * @param loops whether blocks may go back to the table
 * @param blockOf the block that the table leads to, by number; the last one for all others, too
 * @param tail what runs when the stack is unwound
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GoFunction(
    Range declarations,
    String locals,
    Range prologue,
    boolean unwinds,
    boolean loops,
    int[] blockOf,
    List<Block> blocks,
    Range tail) {

  /** The local variable that says where to go on; also the function's only parameter. */
  static final int NEXT = 0;

  /**
   * Code between two labels of the table.
   *
   * @param code without the end that closes the label
   * @param branches those that leave the block, in order
   * @param edges where it may go on
   * @param uses local variables that it may read before it sets them
   * @param sets local variables that it may set
   */
  record Block(Range code, List<Branch> branches, List<Edge> edges, BitSet uses, BitSet sets) {}

  /** Where a branch that leaves its block goes. */
  enum Target {
    TABLE,
    TAIL
  }

  /**
   * A branch out of a block.
   *
   * @param instruction its bytes
   * @param nesting how many labels of the block itself are around it
   */
  record Branch(Range instruction, int opcode, int nesting, Target target) {}

  /**
   * A way from a block to another.
   *
   * @param block where to; {@link #ANY} if that is not known
   * @param defined local variables that have been set for certain by then
   */
  record Edge(int block, BitSet defined) {
    static final int ANY = -1;
  }

  /** The first number that leads to a block. */
  int numberOf(int block) {
    for (int number = 0; number < blockOf.length; number++) {
      if (blockOf[number] == block) {
        return number;
      }
    }
    throw new IndexOutOfBoundsException(block);
  }
}
