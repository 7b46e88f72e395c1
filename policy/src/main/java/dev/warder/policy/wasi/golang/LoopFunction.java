package dev.warder.policy.wasi.golang;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the loop that every Go program ends in: it calls the function that the stack names until
 * the pause flag is set. {@code _start} sets up a stack, calls the runtime's entry, then the loop.
 */
final class LoopFunction {
  /** The name by which a command is started. */
  static final String START = "_start";

  static final String NO_VALUES = ":";
  private static final int MAX_BYTES = 4096;
  private static final int RESUME_BLOCK_AT = -8;
  private static final int FUNCTION_AT = -6;

  private final Instructions code;
  private final boolean smallTable;
  private final Deque<Value> stack = new ArrayDeque<>();
  private final Map<Long, Value> locals = new HashMap<>();
  private int calls;

  /** A value on the stack of WebAssembly, as far as it is known. */
  private sealed interface Value {
    record Constant(int number) implements Value {}

    /** The stack pointer and so much. */
    record Stack(int offset) implements Value {}

    /** What 2 or 4 bytes on the stack hold. */
    record OnStack(int offset, int bytes) implements Value {}

    record Other() implements Value {}
  }

  private LoopFunction(Instructions code, boolean smallTable) {
    this.code = code;
    this.smallTable = smallTable;
  }

  /** The index of the loop function. */
  static int find(byte[] module, Layout layout) throws UnsuitableException {
    var start = layout.exports().get(START);
    if (start == null || layout.isImport(start) || !isPlain(layout, start)) {
      throw UnsuitableException.notGo(
          "it has no function %s: build a command, not a library".formatted(START));
    }
    var loop = secondCall(new Instructions(module, layout.body(start)));
    if (loop >= layout.functionCount() || layout.isImport(loop) || !isPlain(layout, loop)) {
      throw strange();
    }
    var body = layout.body(loop);
    if (body.end() - body.start() > MAX_BYTES) {
      throw strange();
    }
    var smallTable = layout.tableFrom() + layout.table().length <= 1 << Short.SIZE;
    new LoopFunction(new Instructions(module, body), smallTable).check();
    return loop;
  }

  private static boolean isPlain(Layout layout, int function) {
    return layout.signature(function).equals(NO_VALUES);
  }

  private static int secondCall(Instructions start) throws UnsuitableException {
    int calls = 0;
    int last = 0;
    while (start.next()) {
      if (start.opcode() == Opcode.CALL) {
        calls++;
        last = (int) start.operand();
      }
    }
    if (calls != 2) {
      throw UnsuitableException.notGo(
          "its %s makes %d calls instead of two".formatted(START, calls));
    }
    return last;
  }

  private void check() throws UnsuitableException {
    while (code.next()) {
      step();
    }
    if (calls != 1) {
      throw strange();
    }
  }

  private void step() throws UnsuitableException {
    switch (code.opcode()) {
      case Opcode.I32_CONST -> stack.push(new Value.Constant((int) code.operand()));
      case Opcode.GLOBAL_GET ->
          stack.push(
              code.operand() == Globals.STACK_POINTER ? new Value.Stack(0) : new Value.Other());
      case Opcode.LOCAL_GET -> stack.push(locals.getOrDefault(code.operand(), new Value.Other()));
      case Opcode.LOCAL_SET -> locals.put(code.operand(), pop());
      case Opcode.LOCAL_TEE -> {
        var value = pop();
        locals.put(code.operand(), value);
        stack.push(value);
      }
      case Opcode.I32_ADD -> add(1);
      case Opcode.I32_SUB -> add(-1);
      case Opcode.I32_LOAD16_U -> load(Short.BYTES);
      case Opcode.I32_LOAD -> load(Integer.BYTES);
      case Opcode.I32_EQZ -> {
        pop();
        stack.push(new Value.Other());
      }
      case Opcode.IF, Opcode.BR_IF, Opcode.DROP -> pop();
      case Opcode.GLOBAL_SET -> {
        if (code.operand() == Globals.STACK_POINTER) {
          throw strange();
        }
        pop();
      }
      case Opcode.CALL_INDIRECT -> resume();
      case Opcode.BLOCK, Opcode.LOOP, Opcode.ELSE, Opcode.END -> {}
      case Opcode.BR, Opcode.RETURN, Opcode.UNREACHABLE -> {}
      default -> throw strange();
    }
  }

  private void resume() throws UnsuitableException {
    var function = pop();
    var block = pop();
    if (!isFunction(function) || !block.equals(new Value.OnStack(RESUME_BLOCK_AT, Short.BYTES))) {
      throw strange();
    }
    calls++;
    stack.push(new Value.Other());
    locals.clear();
  }

  /** Go 1.24 and older read 16 bits, which is enough for a table that is small. */
  private boolean isFunction(Value value) {
    return value.equals(new Value.OnStack(FUNCTION_AT, Integer.BYTES))
        || (smallTable && value.equals(new Value.OnStack(FUNCTION_AT, Short.BYTES)));
  }

  private void add(int sign) throws UnsuitableException {
    var right = pop();
    var left = pop();
    stack.push(
        left instanceof Value.Stack(var offset) && right instanceof Value.Constant(var number)
            ? new Value.Stack(offset + sign * number)
            : new Value.Other());
  }

  private void load(int bytes) throws UnsuitableException {
    stack.push(
        pop() instanceof Value.Stack(var offset)
            ? new Value.OnStack((int) (offset + code.operand()), bytes)
            : new Value.Other());
  }

  private Value pop() throws UnsuitableException {
    var value = stack.poll();
    if (value == null) {
      throw strange();
    }
    return value;
  }

  private static UnsuitableException strange() {
    return UnsuitableException.notGo(
        "its %s does not end in the loop that resumes functions".formatted(START));
  }
}
