package dev.warder.policy.wasi.golang;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * For each import the function through which the program calls it, if entering that function again
 * repeats the call and does nothing else.
 *
 * <p>Go imports some functions twice. A host need not see which of the two is called, so both must
 * have wrappers that are the same in all but the number that they call; then either will do.
 */
final class ImportWrappers {
  private static final int MAX_BYTES = 4096;

  private final byte[] module;
  private final Layout layout;
  private final int[] callers;

  private ImportWrappers(byte[] module, Layout layout, int[] callers) {
    this.module = module;
    this.layout = layout;
    this.callers = callers;
  }

  /** By import, the number by which the stack names its wrapper; empty where there is none. */
  static List<OptionalInt> find(byte[] module, Layout layout) throws UnsuitableException {
    var wrappers = new ImportWrappers(module, layout, CodeScan.callersOfImports(module, layout));
    var found = new ArrayList<OptionalInt>();
    for (var wanted : layout.imports()) {
      found.add(wrappers.of(wanted));
    }
    return List.copyOf(found);
  }

  private OptionalInt of(Layout.Import wanted) throws UnsuitableException {
    var wrapper = OptionalInt.empty();
    for (int i = 0; i < callers.length; i++) {
      if (callers[i] == CodeScan.NOBODY || !layout.imports().get(i).equals(wanted)) {
        continue;
      }
      if (callers[i] == CodeScan.SEVERAL
          || !repeats(callers[i], i)
          || (wrapper.isPresent() && !alike(wrapper.getAsInt(), callers[i]))) {
        return OptionalInt.empty();
      }
      wrapper = wrapper.isPresent() ? wrapper : OptionalInt.of(callers[i]);
    }
    return wrapper.isPresent() ? tableIndex(wrapper.getAsInt()) : wrapper;
  }

  private OptionalInt tableIndex(int function) {
    var table = layout.table();
    if (Arrays.stream(table).filter(entry -> entry == function).count() != 1) {
      return OptionalInt.empty();
    }
    int place = 0;
    while (table[place] != function) {
      place++;
    }
    return OptionalInt.of(layout.tableFrom() + place);
  }

  /** Whether nothing before the call writes, branches, or moves the stack pointer. */
  private boolean repeats(int function, int importIndex) throws UnsuitableException {
    var body = layout.body(function);
    if (body.end() - body.start() > MAX_BYTES
        || !layout.signature(function).equals(CodeScan.RESUMABLE)) {
      return false;
    }
    var code = code(function);
    while (code.next()) {
      if (code.opcode() == Opcode.CALL) {
        return code.operand() == importIndex;
      }
      if (changesSomething(code.opcode())) {
        return false;
      }
    }
    return false;
  }

  private boolean alike(int one, int other) throws UnsuitableException {
    var first = code(one);
    var second = code(other);
    while (first.next()) {
      if (!second.next()
          || first.opcode() != second.opcode()
          || (first.operand() != second.operand() && first.opcode() != Opcode.CALL)) {
        return false;
      }
    }
    return !second.next();
  }

  private Instructions code(int function) throws UnsuitableException {
    return new Instructions(module, layout.body(function));
  }

  private static boolean changesSomething(int opcode) {
    return switch (opcode) {
      case Opcode.UNREACHABLE, Opcode.LOOP, Opcode.IF, Opcode.ELSE -> true;
      case Opcode.BR, Opcode.BR_IF, Opcode.BR_TABLE, Opcode.RETURN, Opcode.CALL_INDIRECT -> true;
      case Opcode.GLOBAL_SET, Opcode.MEMORY_GROW -> true;
      case Opcode.MEMORY_COPY, Opcode.MEMORY_FILL -> true;
      default -> opcode >= Opcode.FIRST_STORE && opcode <= Opcode.LAST_STORE;
    };
  }
}
