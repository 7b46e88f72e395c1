package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MutabilityType;
import com.dylibso.chicory.wasm.types.OpCode;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether restoring memory and globals makes an instance like new. That holds only if nothing else
 * of it can change, which is known from the instructions that its code contains.
 */
final class Mutability {
  private static final Set<OpCode> CHANGING =
      EnumSet.of(
          OpCode.TABLE_SET,
          OpCode.TABLE_GROW,
          OpCode.TABLE_FILL,
          OpCode.TABLE_COPY,
          OpCode.TABLE_INIT,
          OpCode.ELEM_DROP,
          OpCode.MEMORY_INIT,
          OpCode.DATA_DROP,
          OpCode.THROW,
          OpCode.THROW_REF);

  /** What one evaluation may need anew each time, but what need not be kept: 256 MiB. */
  private static final int MAX_IMAGE_PAGES = 4096;

  private Mutability() {}

  /** Why an instance cannot be used again; empty if it can. */
  static Optional<String> obstacle(WasmModule module) {
    if (module.memorySection().filter(section -> section.memoryCount() == 1).isEmpty()) {
      return Optional.of("it has no memory");
    }
    if (module.memorySection().get().getMemory(0).limits().initialPages() > MAX_IMAGE_PAGES) {
      return Optional.of("it starts with more than 256 MiB of memory");
    }
    if (module.startSection().isPresent()) {
      return Optional.of("it has a start function");
    }
    if (module.tagSection().filter(section -> section.tagCount() > 0).isPresent()) {
      return Optional.of("it uses exceptions");
    }
    for (var global : module.globalSection().globals()) {
      if (global.mutabilityType() == MutabilityType.Var && !global.valueType().isNumeric()) {
        return Optional.of("it has a variable of a type that is no number");
      }
    }
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      for (var instruction : module.codeSection().getFunctionBody(i).instructions()) {
        if (CHANGING.contains(instruction.opcode())) {
          return Optional.of("its code contains " + instruction.opcode());
        }
      }
    }
    return Optional.empty();
  }
}
