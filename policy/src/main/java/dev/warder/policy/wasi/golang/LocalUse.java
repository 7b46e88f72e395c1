package dev.warder.policy.wasi.golang;

import dev.warder.policy.wasi.golang.GoFunction.Block;
import dev.warder.policy.wasi.golang.GoFunction.Branch;
import dev.warder.policy.wasi.golang.GoFunction.Edge;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What a block does with local variables, and where it goes on with which of them set. */
final class LocalUse {
  private final BitSet uses = new BitSet();
  private final BitSet sets = new BitSet();

  /** Set in code that runs whenever the block does; what stands inside an if may not run. */
  private final BitSet defined = new BitSet();

  private final List<Edge> edges = new ArrayList<>();
  private boolean ends;
  private final int[] blockOf;
  private int constant = Edge.ANY;
  private int next = Edge.ANY;

  /**
   * @param blockOf see {@link GoFunction}
   */
  LocalUse(int[] blockOf) {
    this.blockOf = blockOf;
  }

  /**
   * Takes note of an instruction, in order; of a branch after {@link #jump}.
   *
   * @param always whether it stands in no block within the block
   */
  void instruction(int opcode, long operand, boolean always) {
    var local = (int) operand;
    switch (opcode) {
      case Opcode.LOCAL_GET -> {
        if (!defined.get(local)) {
          uses.set(local);
        }
      }
      case Opcode.LOCAL_SET, Opcode.LOCAL_TEE -> {
        sets.set(local);
        if (always) {
          defined.set(local);
        }
      }
      case Opcode.BR, Opcode.RETURN, Opcode.UNREACHABLE -> ends |= always;
      default -> {}
    }
    var setsNext = opcode == Opcode.LOCAL_SET && local == GoFunction.NEXT;
    next = setsNext ? constant : Edge.ANY;
    constant = opcode == Opcode.I32_CONST ? Math.max((int) operand, Edge.ANY) : Edge.ANY;
  }

  /** Takes note of a branch to the table, right after the number of the next block was set. */
  void jump() {
    var block = next == Edge.ANY ? Edge.ANY : blockOf[Math.min(next, blockOf.length - 1)];
    edges.add(new Edge(block, (BitSet) defined.clone()));
  }

  void fallThrough(int block) {
    if (!ends) {
      edges.add(new Edge(block, (BitSet) defined.clone()));
    }
  }

  boolean uses(int local) {
    return uses.get(local);
  }

  Block block(Range code, List<Branch> branches) {
    return new Block(code, List.copyOf(branches), List.copyOf(edges), uses, sets);
  }
}
