package dev.warder.policy.wasi.golang;

import dev.warder.policy.wasi.golang.FunctionParts.Part;
import dev.warder.policy.wasi.golang.GoFunction.Branch;
import dev.warder.policy.wasi.golang.GoFunction.Target;
import java.util.BitSet;
import java.util.List;

/**
 * Writes a function as several: one that leads to the parts, and the parts. A part that goes on in
 * another one leaves the values of local variables, and the number to go on with, in globals.
 */
final class SplitFunction {
  private static final int NOTHING = 0x40;

  private final byte[] module;
  private final GoFunction function;
  private final List<Part> parts;
  private final Transfer transfer;

  /** All local variables that any part takes. */
  private final BitSet taken = new BitSet();

  SplitFunction(byte[] module, GoFunction function, List<Part> parts, Transfer transfer) {
    this.module = module;
    this.function = function;
    this.parts = parts;
    this.transfer = transfer;
    parts.forEach(part -> taken.or(part.takes()));
  }

  /**
   * The globals that parts hand values on in; they hold nothing between two evaluations.
   *
   * @param next holds the number to go on with and one more, or 0
   * @param globals for each local variable of the function
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Transfer(int next, int[] globals) {}

  /** The body of the function that takes the place of the original. */
  byte[] leader(int firstPart) {
    var out = new WasmOut(256);
    declarations(out);
    copy(out, function.prologue());
    taken.stream()
        .forEach(local -> out.code(Opcode.LOCAL_GET, local).code(Opcode.GLOBAL_SET, global(local)));
    out.code(Opcode.LOOP, NOTHING);
    // What the parts return if they have no successor.
    lead(out, firstPart, 0, parts.size() - 1);
    out.code(Opcode.LOCAL_SET, GoFunction.NEXT);
    out.code(Opcode.GLOBAL_GET, transfer.next()).code(Opcode.I32_EQZ).code(Opcode.IF, NOTHING);
    out.code(Opcode.LOCAL_GET, GoFunction.NEXT).code(Opcode.RETURN, Opcode.END);
    out.code(Opcode.GLOBAL_GET, transfer.next()).i32(1).code(Opcode.I32_SUB);
    out.code(Opcode.LOCAL_SET, GoFunction.NEXT);
    out.i32(0).code(Opcode.GLOBAL_SET, transfer.next());
    out.code(Opcode.BR, 0).code(Opcode.END);
    out.code(Opcode.UNREACHABLE, Opcode.END);
    return out.bytes();
  }

  /** Calls the part that holds the next block, one of those from first to last. */
  private void lead(WasmOut out, int firstPart, int first, int last) {
    if (first == last) {
      out.code(Opcode.LOCAL_GET, GoFunction.NEXT).code(Opcode.CALL, firstPart + first);
      return;
    }
    var middle = (first + last + 1) / 2;
    out.code(Opcode.LOCAL_GET, GoFunction.NEXT);
    out.i32(function.numberOf(parts.get(middle).first())).code(Opcode.I32_LT_U);
    out.code(Opcode.IF, LayoutReader.valueType('i'));
    lead(out, firstPart, first, middle - 1);
    out.code(Opcode.ELSE);
    lead(out, firstPart, middle, last);
    out.code(Opcode.END);
  }

  /** The body of a part. */
  byte[] part(Part part) {
    var out = new WasmOut(bytes(part) + 256);
    declarations(out);
    part.takes().stream()
        .forEach(local -> out.code(Opcode.GLOBAL_GET, global(local)).code(Opcode.LOCAL_SET, local));
    if (function.unwinds()) {
      out.code(Opcode.BLOCK, NOTHING);
    }
    out.code(Opcode.BLOCK, NOTHING);
    out.code(Opcode.LOOP, NOTHING);
    table(out, part);
    for (int block = part.first(); block <= part.last(); block++) {
      block(out, part, block);
      out.code(Opcode.END);
    }
    // Behind the loop, whose end that was for the last block: nothing comes here.
    out.code(Opcode.UNREACHABLE, Opcode.END);
    part.gives().stream()
        .forEach(local -> out.code(Opcode.LOCAL_GET, local).code(Opcode.GLOBAL_SET, global(local)));
    out.code(Opcode.LOCAL_GET, GoFunction.NEXT).i32(1).code(Opcode.I32_ADD);
    out.code(Opcode.GLOBAL_SET, transfer.next());
    out.i32(0);
    if (function.unwinds()) {
      out.code(Opcode.RETURN, Opcode.END);
      copy(out, function.tail());
    }
    out.code(Opcode.END);
    return out.bytes();
  }

  private int bytes(Part part) {
    var blocks = function.blocks();
    return blocks.get(part.last()).code().end() - blocks.get(part.first()).code().start();
  }

  /** Leads to the part's blocks, and out of the loop if the number is that of none of them. */
  private void table(WasmOut out, Part part) {
    var blocks = part.last() - part.first();
    var isLast = part.last() == function.blocks().size() - 1;
    var from = function.numberOf(part.first());
    var to = isLast ? function.blockOf().length : function.numberOf(part.last() + 1);
    if (isLast) {
      // All numbers from there on lead to the last block.
      out.code(Opcode.LOCAL_GET, GoFunction.NEXT).i32(from).code(Opcode.I32_LT_U);
      out.code(Opcode.BR_IF, 1);
    }
    for (int i = 0; i <= blocks; i++) {
      out.code(Opcode.BLOCK, NOTHING);
    }
    out.code(Opcode.LOCAL_GET, GoFunction.NEXT).i32(from).code(Opcode.I32_SUB);
    out.code(Opcode.BR_TABLE).number(to - from);
    for (int number = from; number < to; number++) {
      out.number(function.blockOf()[number] - part.first());
    }
    // One label for each block, then the loop's.
    out.number(isLast ? blocks : blocks + 2);
    out.code(Opcode.END);
  }

  private void block(WasmOut out, Part part, int number) {
    var block = function.blocks().get(number);
    var after = part.last() - number;
    var at = block.code().start();
    for (var branch : block.branches()) {
      out.bytes(module, at, branch.instruction().start());
      out.code(branch.opcode(), branch.nesting() + after + label(branch));
      at = branch.instruction().end();
    }
    out.bytes(module, at, block.code().end());
    if (number == part.last() && number < function.blocks().size() - 1) {
      out.i32(function.numberOf(number + 1)).code(Opcode.LOCAL_SET, GoFunction.NEXT);
      out.code(Opcode.BR, 1);
    }
  }

  /** Around all blocks are the loop, the way out of it, and the tail. */
  private static int label(Branch branch) {
    return branch.target() == Target.TABLE ? 0 : 2;
  }

  private void declarations(WasmOut out) {
    copy(out, function.declarations());
  }

  private int global(int local) {
    return transfer.globals()[local];
  }

  private void copy(WasmOut out, Range range) {
    out.bytes(module, range.start(), range.end());
  }
}
