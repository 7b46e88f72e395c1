package dev.warder.policy.wasi.golang;

/** The registers of Go's virtual machine: SP, CTXT, g, RET0 to RET3, PAUSE. */
final class Globals {
  /** As {@link LayoutReader} writes types. */
  static final String TYPES = "illlllli";

  static final int STACK_POINTER = 0;
  static final int PAUSE = 7;

  private static final int MUTABLE = 1;

  private Globals() {}

  static int count() {
    return TYPES.length();
  }

  /** An instruction that gives a value of that global's type. */
  static void constant(WasmOut out, int global, long value) {
    if (TYPES.charAt(global) == 'i') {
      out.i32((int) value);
    } else {
      out.i64(value);
    }
  }

  /** The content of the section with all of them. */
  static void write(WasmOut out, long[] values) {
    out.number(count());
    for (int i = 0; i < count(); i++) {
      out.code(LayoutReader.valueType(TYPES.charAt(i)), MUTABLE);
      constant(out, i, values[i]);
      out.code(Opcode.END);
    }
  }
}
