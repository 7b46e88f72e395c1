package dev.warder.policy.wasi.golang;

import java.util.List;

/**
 * The new {@code _start}: asks for the arguments, makes memory and globals those of the snapshot
 * that was taken with these very arguments, and goes on with the loop. Other arguments are a trap.
 * Its notes lie in the part of memory that Go keeps empty, and are wiped.
 */
final class StartFunction {
  private static final int POINTERS_AT = 0;
  private static final int COUNT_AT = 16;
  private static final int SIZE_AT = 20;
  private static final int BLOCK_AT = 64;
  private static final int NO_RESULT = 0x40;
  private static final int ARGUMENTS = 2;

  private final WasmOut out = new WasmOut(16 << 10);
  private final int argsSizesGet;
  private final int argsGet;

  /** By the numbers of two functions that the module imports. */
  StartFunction(int argsSizesGet, int argsGet) {
    this.argsSizesGet = argsSizesGet;
    this.argsGet = argsGet;
  }

  /**
   * The function's body.
   *
   * @param base whose snapshot the module's data and globals are
   * @param patches where the other's memory differs from it
   * @param segment the data segment that holds the patches, one behind the other
   */
  byte[] body(Entry base, Entry other, List<Range> patches, int segment) {
    out.number(0);
    out.i32(COUNT_AT).i32(SIZE_AT).code(Opcode.CALL, argsSizesGet);
    trapIf();
    out.load(Opcode.I32_LOAD, COUNT_AT).i32(ARGUMENTS).code(Opcode.I32_NE);
    trapIf();
    var longest = Math.max(base.arguments().length, other.arguments().length);
    out.load(Opcode.I32_LOAD, SIZE_AT).i32(longest).code(Opcode.I32_GT_U);
    trapIf();
    out.i32(POINTERS_AT).i32(BLOCK_AT).code(Opcode.CALL, argsGet);
    trapIf();

    out.code(Opcode.BLOCK, NO_RESULT);
    leaveUnless(base.arguments());
    goOn(base.snapshot().loopFunction());
    out.code(Opcode.END);

    out.code(Opcode.BLOCK, NO_RESULT);
    leaveUnless(other.arguments());
    grow(other.snapshot().pages() - base.snapshot().pages());
    patch(patches, segment);
    globals(base.snapshot().globals(), other.snapshot().globals());
    goOn(other.snapshot().loopFunction());
    out.code(Opcode.END);

    out.code(Opcode.UNREACHABLE, Opcode.END);
    return out.bytes();
  }

  private void trapIf() {
    out.code(Opcode.IF, NO_RESULT).code(Opcode.UNREACHABLE, Opcode.END);
  }

  private void leaveUnless(byte[] arguments) {
    out.load(Opcode.I32_LOAD, SIZE_AT).i32(arguments.length).code(Opcode.I32_NE);
    out.code(Opcode.BR_IF, 0);
    int at = 0;
    for (; at + Long.BYTES <= arguments.length; at += Long.BYTES) {
      out.load(Opcode.I64_LOAD, BLOCK_AT + at).i64(word(arguments, at)).code(Opcode.I64_NE);
      out.code(Opcode.BR_IF, 0);
    }
    for (; at < arguments.length; at++) {
      out.load(Opcode.I32_LOAD8_U, BLOCK_AT + at).i32(arguments[at] & 0xff).code(Opcode.I32_NE);
      out.code(Opcode.BR_IF, 0);
    }
  }

  private void grow(int pages) {
    if (pages > 0) {
      out.i32(pages).code(Opcode.MEMORY_GROW, 0).i32(-1).code(Opcode.I32_EQ);
      trapIf();
    }
  }

  private void patch(List<Range> patches, int segment) {
    int from = 0;
    for (var patch : patches) {
      out.i32(patch.start()).i32(from).i32(patch.length());
      out.code(Opcode.MEMORY_INIT, segment).number(0);
      from += patch.length();
    }
  }

  private void globals(long[] base, long[] other) {
    for (int i = 0; i < other.length; i++) {
      if (base[i] != other[i]) {
        Globals.constant(out, i, other[i]);
        out.code(Opcode.GLOBAL_SET, i);
      }
    }
  }

  private void goOn(int loopFunction) {
    out.i32(0).i32(0).i32(GoModule.EMPTY_BYTES).code(Opcode.MEMORY_FILL, 0);
    out.code(Opcode.CALL, loopFunction).code(Opcode.RETURN);
  }

  private static long word(byte[] bytes, int at) {
    long word = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      word |= (bytes[at + i] & 0xffL) << (8 * i);
    }
    return word;
  }
}
