package dev.warder.policy.wasi.golang;

import dev.warder.policy.wasi.golang.GoFunction.Block;
import dev.warder.policy.wasi.golang.GoFunction.Edge;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Which blocks of a function shall be a function of their own, and what these hand on. */
final class FunctionParts {
  private final GoFunction function;

  /** Local variables that each block, or one after it, may read before they are set. */
  private final BitSet[] live;

  /**
   * Some blocks in a row.
   *
   * @param first block
   * @param last block
   * @param takes local variables whose values it needs when it begins
   * @param gives local variables that whoever comes next may need
   */
  record Part(int first, int last, BitSet takes, BitSet gives) {}

  private FunctionParts(GoFunction function) {
    this.function = function;
    this.live = live(function.blocks());
  }

  /** Cuts a function into parts of up to so many bytes; a larger block is a part of its own. */
  static List<Part> of(GoFunction function, int mostBytes) {
    var parts = new FunctionParts(function);
    var found = new ArrayList<Part>();
    var blocks = function.blocks();
    var first = 0;
    var bytes = 0;
    for (int i = 0; i < blocks.size(); i++) {
      var length = blocks.get(i).code().length();
      if (i > first && bytes + length > mostBytes) {
        found.add(parts.part(first, i - 1));
        first = i;
        bytes = 0;
      }
      bytes += length;
    }
    found.add(parts.part(first, blocks.size() - 1));
    return found;
  }

  private Part part(int first, int last) {
    var takes = new BitSet();
    var gives = new BitSet();
    var sets = new BitSet();
    for (int i = first; i <= last; i++) {
      // Any block may be where a part begins: the table leads to each of them.
      takes.or(live[i]);
      sets.or(function.blocks().get(i).sets());
      for (var edge : function.blocks().get(i).edges()) {
        if (edge.block() < first || edge.block() > last) {
          gives.or(liveAt(edge));
        }
      }
    }
    gives.and(sets);
    return new Part(first, last, takes, gives);
  }

  private BitSet liveAt(Edge edge) {
    if (edge.block() != Edge.ANY) {
      return live[edge.block()];
    }
    var all = new BitSet();
    IntStream.range(0, live.length).forEach(block -> all.or(live[block]));
    return all;
  }

  private static BitSet[] live(List<Block> blocks) {
    var live = blocks.stream().map(block -> (BitSet) block.uses().clone()).toArray(BitSet[]::new);
    var anywhere = new BitSet();
    for (var uses : live) {
      anywhere.or(uses);
    }
    var changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        var before = live[i].cardinality();
        for (var edge : blocks.get(i).edges()) {
          var needed = (BitSet) (edge.block() == Edge.ANY ? anywhere : live[edge.block()]).clone();
          needed.andNot(edge.defined());
          live[i].or(needed);
        }
        if (live[i].cardinality() > before) {
          changed = true;
          anywhere.or(live[i]);
        }
      }
    }
    return live;
  }
}
