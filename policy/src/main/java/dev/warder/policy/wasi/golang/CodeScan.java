package dev.warder.policy.wasi.golang;

import java.util.Arrays;

/** Looks at every instruction of a module, and finds out who calls its imports. */
final class CodeScan {
  static final int NOBODY = -1;
  static final int SEVERAL = -2;

  /** Takes where to go on, says whether the stack must be unwound. */
  static final String RESUMABLE = "i:i";

  private final Layout layout;
  private final int[] callers;

  private CodeScan(Layout layout) {
    this.layout = layout;
    this.callers = new int[layout.imports().size()];
    Arrays.fill(callers, NOBODY);
  }

  /** For each import the one function that calls it, or {@link #NOBODY} or {@link #SEVERAL}. */
  static int[] callersOfImports(byte[] module, Layout layout) throws UnsuitableException {
    var scan = new CodeScan(layout);
    for (int i = 0; i < layout.functions().length; i++) {
      scan.function(module, layout.imports().size() + i);
    }
    return scan.callers;
  }

  private void function(byte[] module, int function) throws UnsuitableException {
    var code = new Instructions(module, layout.body(function));
    while (code.next()) {
      switch (code.opcode()) {
        case Opcode.CALL -> call(function, (int) code.operand());
        case Opcode.CALL_INDIRECT -> callIndirect((int) code.operand());
        default -> {}
      }
    }
  }

  private void call(int caller, int called) throws UnsuitableException {
    if (called >= layout.functionCount()) {
      throw UnsuitableException.malformed("it calls a function that does not exist");
    }
    if (layout.isImport(called)) {
      callers[called] = callers[called] == NOBODY ? caller : SEVERAL;
    }
  }

  private void callIndirect(int type) throws UnsuitableException {
    if (type >= layout.types().size() || !layout.types().get(type).equals(RESUMABLE)) {
      throw UnsuitableException.notGo("it calls functions through the table that cannot resume");
    }
  }
}
