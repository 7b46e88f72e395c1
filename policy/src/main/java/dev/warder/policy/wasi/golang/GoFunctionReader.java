package dev.warder.policy.wasi.golang;

import dev.warder.policy.wasi.golang.GoFunction.Block;
import dev.warder.policy.wasi.golang.GoFunction.Branch;
import dev.warder.policy.wasi.golang.GoFunction.Target;
import java.util.ArrayList;
import java.util.List;

/** Takes a function to pieces, if Go's compiler made it; anything strange is refused. */
final class GoFunctionReader {
  private static final int NO_VALUE = -64;
  private static final int MAX_LOCALS = 256;

  private final Instructions code;
  private final Range declarations;
  private final String locals;

  private GoFunctionReader(Instructions code, Range declarations, String locals) {
    this.code = code;
    this.declarations = declarations;
    this.locals = locals;
  }

  /** Reads a function of the type {@link CodeScan#RESUMABLE}. */
  static GoFunction read(byte[] module, Layout.Body body) throws UnsuitableException {
    var in = new ByteCursor(module, body.start(), body.end());
    var locals = new StringBuilder("i");
    for (int groups = in.count(); groups > 0; groups--) {
      var count = in.u32();
      if (count > MAX_LOCALS || locals.length() > MAX_LOCALS) {
        throw strange("it has too many local variables");
      }
      locals.repeat(LayoutReader.valueType(in), count);
    }
    return new GoFunctionReader(
            new Instructions(module, body),
            new Range(body.start(), in.position()),
            locals.toString())
        .read();
  }

  private GoFunction read() throws UnsuitableException {
    next();
    var prologue = prologue();
    var opened = 0;
    var before = 0;
    var loops = false;
    while (is(Opcode.BLOCK) || is(Opcode.LOOP)) {
      if (code.operand() != NO_VALUE) {
        throw strange("a block has a value");
      }
      if (is(Opcode.BLOCK)) {
        opened++;
      } else if (loops) {
        throw strange("it has two loops");
      } else {
        loops = true;
        before = opened;
        opened = 0;
      }
      next();
    }
    var blockOf = table();
    var last = blockOf[blockOf.length - 1];
    var others = opened - (last + 1) + before;
    if (others < 0 || others > 1 || (loops && others != before)) {
      throw strange("its blocks are not those of its table");
    }
    var unwinds = others == 1;
    var blocks = new ArrayList<Block>();
    for (int i = 0; i <= last; i++) {
      blocks.add(new BlockReader(last - i, loops, unwinds, blockOf).read(i));
    }
    if (loops) {
      next();
      expect(is(Opcode.UNREACHABLE), "it goes on after its loop");
      if (unwinds) {
        next();
        expect(is(Opcode.END), "it goes on after its loop");
      }
    }
    return new GoFunction(
        declarations, locals, prologue, unwinds, loops, blockOf, blocks, tail(loops, unwinds));
  }

  private Range prologue() throws UnsuitableException {
    var start = code.start();
    while (is(Opcode.GLOBAL_GET) || (is(Opcode.LOCAL_SET) && code.operand() != GoFunction.NEXT)) {
      expect(code.operand() < locals.length(), "it uses a variable that it does not have");
      next();
    }
    return new Range(start, code.start());
  }

  /** Each number leads to the same block as the one before, or to the next block. */
  private int[] table() throws UnsuitableException {
    expect(is(Opcode.LOCAL_GET) && code.operand() == GoFunction.NEXT, "it has no table");
    next();
    expect(is(Opcode.BR_TABLE), "it has no table");
    var blockOf = code.targets();
    var expected = 0;
    for (var block : blockOf) {
      expect(block == expected || block == expected + 1, "its table is not in order");
      expected = block;
    }
    expect(blockOf[0] == 0, "its table is not in order");
    next();
    expect(is(Opcode.END), "code follows its table");
    return blockOf;
  }

  private Range tail(boolean loops, boolean unwinds) throws UnsuitableException {
    var start = code.end();
    if (unwinds) {
      next();
      expect(is(Opcode.I32_CONST), "it unwinds in another way");
    }
    var end = code.end();
    if (unwinds || loops) {
      next();
    }
    expect(is(Opcode.END) && !code.next(), "it goes on after its end");
    return new Range(start, end);
  }

  /** Reads one block, up to the end that closes its label. */
  private final class BlockReader {
    private final int after;
    private final boolean loops;
    private final boolean unwinds;
    private final List<Branch> branches = new ArrayList<>();
    private final LocalUse use;
    private int nesting;

    /**
     * @param after how many blocks come later
     */
    BlockReader(int after, boolean loops, boolean unwinds, int[] blockOf) {
      this.after = after;
      this.loops = loops;
      this.unwinds = unwinds;
      this.use = new LocalUse(blockOf);
    }

    Block read(int number) throws UnsuitableException {
      var start = code.end();
      while (true) {
        next();
        if (is(Opcode.END) && nesting == 0) {
          break;
        }
        instruction();
      }
      if (use.uses(GoFunction.NEXT)) {
        throw strange("a block reads which one it is");
      }
      if (after > 0) {
        use.fallThrough(number + 1);
      }
      return use.block(new Range(start, code.start()), branches);
    }

    private void instruction() throws UnsuitableException {
      switch (code.opcode()) {
        case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> nesting++;
        case Opcode.END -> nesting--;
        case Opcode.BR, Opcode.BR_IF -> branch((int) code.operand());
        case Opcode.LOCAL_GET, Opcode.LOCAL_SET, Opcode.LOCAL_TEE ->
            expect(code.operand() < locals.length(), "it uses a variable that it does not have");
        case Opcode.BR_TABLE -> {
          for (var label : code.targets()) {
            expect(label < nesting, "a block has a table of its own");
          }
        }
        default -> {}
      }
      use.instruction(code.opcode(), code.operand(), nesting == 0);
    }

    private void branch(int label) throws UnsuitableException {
      if (label < nesting) {
        return;
      }
      var outer = label - nesting - after;
      Target target;
      if (loops && outer == 0) {
        target = Target.TABLE;
        use.jump();
      } else if (unwinds && outer == (loops ? 1 : 0)) {
        target = Target.TAIL;
      } else {
        throw strange("a branch leads elsewhere");
      }
      branches.add(new Branch(new Range(code.start(), code.end()), code.opcode(), nesting, target));
    }
  }

  private boolean is(int opcode) {
    return code.opcode() == opcode;
  }

  private void next() throws UnsuitableException {
    expect(code.next(), "it ends early");
  }

  private static void expect(boolean condition, String otherwise) throws UnsuitableException {
    if (!condition) {
      throw strange(otherwise);
    }
  }

  private static UnsuitableException strange(String what) {
    return UnsuitableException.notGo("of a function, " + what);
  }
}
