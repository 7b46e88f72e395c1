package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What must hold for a parsed module before it is worth compiling. */
final class ModuleChecks {
  private static final int MAX_TABLES = 100;
  private static final int MAX_GLOBALS = 100_000;
  private static final int MAX_NAME_CHARS = 100;

  private final HostFunctions functions;

  ModuleChecks(HostFunctions functions) {
    this.functions = functions;
  }

  /** The module's imports, all of which are provided. */
  Outcome<List<ModuleImport>> check(WasmModule module) {
    return unbounded(module)
        .<Outcome<List<ModuleImport>>>map(
            why -> Outcome.failed(Reason.ModuleCompileFailed, "the module " + why))
        .orElseGet(() -> imports(module));
  }

  /** Names what would take memory that no budget counts. */
  private static Optional<String> unbounded(WasmModule module) {
    var memories = module.memorySection();
    if (memories.isPresent() && memories.get().memoryCount() > 1) {
      return Optional.of("has more than one memory; build it without the multi-memory feature");
    }
    if (memories.isPresent()
        && memories.get().memoryCount() == 1
        && memories.get().getMemory(0).limits().shared()) {
      return Optional.of("has a shared memory; build it without the threads feature");
    }
    if (module.tableSection().tableCount() > MAX_TABLES) {
      return Optional.of("has more than " + MAX_TABLES + " tables");
    }
    long elements = 0;
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      elements += module.tableSection().getTable(i).limits().min();
    }
    if (elements > BudgetedTable.MAX_ELEMENTS) {
      return Optional.of("has tables of more than " + BudgetedTable.MAX_ELEMENTS + " elements");
    }
    if (module.globalSection().globalCount() > MAX_GLOBALS) {
      return Optional.of("has more than " + MAX_GLOBALS + " globals");
    }
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      var type = module.typeSection().getSubType(i).compType();
      if (type.structType() != null || type.arrayType() != null) {
        return Optional.of("uses garbage-collected types; build it without the GC feature");
      }
    }
    return Optional.empty();
  }

  private Outcome<List<ModuleImport>> imports(WasmModule module) {
    var imports = new ArrayList<ModuleImport>();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      var wanted = module.importSection().getImport(i);
      var name = name(wanted);
      if (!(wanted instanceof FunctionImport function)) {
        return unknown(
            "the module imports the %s %s; it must define its own: build it as a WASI command"
                .formatted(kind(wanted.importType()), name));
      }
      var provided = functions.find(wanted.module(), wanted.name());
      if (provided == null) {
        return unknown(
            "the module imports the function %s, which does not exist here: %s"
                .formatted(name, advice(wanted)));
      }
      var type = module.typeSection().getType(function.typeIndex());
      if (!provided.type().equals(type)) {
        return unknown(
            "the module imports the function %s as %s, but it is %s: rebuild it with a current SDK"
                .formatted(name, text(type), text(provided.type())));
      }
      imports.add(new ModuleImport(wanted.module(), wanted.name(), provided));
    }
    return Outcome.done(List.copyOf(imports));
  }

  private String advice(Import wanted) {
    return functions.knowsModule(wanted.module())
        ? "only WASI preview 1 and host.call are provided"
        : "build it for WASI preview 1 (for Go GOOS=wasip1, for Rust wasm32-wasip1)";
  }

  private static <T> Outcome<T> unknown(String message) {
    return Outcome.failed(Reason.ModuleImportUnknown, message);
  }

  private static String kind(ExternalType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Import wanted) {
    return printable(wanted.module()) + "." + printable(wanted.name());
  }

  private static String printable(String name) {
    var text = name.replaceAll("\\p{C}", "?");
    return text.length() <= MAX_NAME_CHARS ? text : text.substring(0, MAX_NAME_CHARS) + "…";
  }

  private static String text(FunctionType type) {
    return type.params() + " -> " + type.returns();
  }
}
