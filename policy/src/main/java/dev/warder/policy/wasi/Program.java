package dev.warder.policy.wasi;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.CodeSection;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A module as Java classes, with as much of its parsed form as an instance needs.
 *
 * @param module without the code that was compiled: parsed code takes twenty times its size
 * @param machines makes the machine of one instance; shared by all
 * @param imports the functions that an instance must be given
 */
record Program(
    WasmModule module, Function<Instance, Machine> machines, List<ModuleImport> imports) {
  private static final Pattern TOO_LARGE = Pattern.compile("WASM function index: (\\d+)");
  private static final FunctionBody COMPILED = new FunctionBody(List.of(), List.of());

  /**
   * Compiles all but the functions that do not fit a Java method; those are interpreted.
   *
   * @param limit each function that does not fit starts the compilation again, up to this time
   */
  static Program compile(WasmModule module, List<ModuleImport> imports, Duration limit) {
    var start = System.nanoTime();
    var interpreted = new HashSet<Integer>();
    while (true) {
      try {
        var machines = compile(module, interpreted);
        return new Program(withoutCode(module, interpreted), machines, imports);
      } catch (ChicoryException e) {
        var function = tooLarge(e);
        if (function.isEmpty() || !interpreted.add(function.getAsInt())) {
          throw e;
        }
        if (System.nanoTime() - start > limit.toNanos()) {
          throw new ChicoryException(
              "%d functions are too large for the engine, and more were to come after %d s"
                  .formatted(interpreted.size(), limit.toSeconds()));
        }
      }
    }
  }

  int initialPages() {
    return module
        .memorySection()
        .filter(section -> section.memoryCount() > 0)
        .map(section -> section.getMemory(0).limits().initialPages())
        .orElse(0);
  }

  /** Whether host functions may use the memory: WASI asks for one exported by this name. */
  boolean exportsMemory() {
    return export("memory", ExternalType.MEMORY).isPresent();
  }

  /** Whether there is a {@code _start} that takes and gives nothing, as that of every command. */
  boolean exportsStart() {
    return export(ModuleRun.START, ExternalType.FUNCTION)
        .map(export -> functionType(export.index()))
        .filter(type -> type.params().isEmpty() && type.returns().isEmpty())
        .isPresent();
  }

  private FunctionType functionType(int function) {
    var imported = imports.size();
    return function < imported
        ? imports.get(function).function().type()
        : module
            .typeSection()
            .getType(module.functionSection().getFunctionType(function - imported));
  }

  private Optional<Export> export(String name, ExternalType type) {
    var exports = module.exportSection();
    return IntStream.range(0, exports.exportCount())
        .mapToObj(exports::getExport)
        .filter(export -> export.name().equals(name) && export.exportType() == type)
        .findFirst();
  }

  private static Function<Instance, Machine> compile(WasmModule module, Set<Integer> interpreted) {
    var compiled =
        MachineFactoryCompiler.builder(module)
            .withInterpretedFunctions(interpreted)
            .withInterpreterFallback(InterpreterFallback.FAIL)
            .compile();
    // The wrapper insists on the full module, and would keep it alive.
    return ((com.dylibso.chicory.runtime.CompiledModule) compiled).machineFactory();
  }

  private static OptionalInt tooLarge(ChicoryException e) {
    var match = TOO_LARGE.matcher(String.valueOf(e.getMessage()));
    return match.find() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }

  private static WasmModule withoutCode(WasmModule module, Set<Integer> interpreted) {
    var imported = module.importSection().importCount();
    var code = CodeSection.builder();
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      code.addFunctionBody(
          interpreted.contains(imported + i) ? module.codeSection().getFunctionBody(i) : COMPILED);
    }
    code.setRequiresDataCount(module.codeSection().isRequiresDataCount());
    return WasmModule.builder()
        .withValidation(false)
        .setTypeSection(module.typeSection())
        .setImportSection(module.importSection())
        .setFunctionSection(module.functionSection())
        .setTableSection(module.tableSection())
        .setMemorySection(module.memorySection().orElse(null))
        .setGlobalSection(module.globalSection())
        .setExportSection(module.exportSection())
        .setStartSection(module.startSection().orElse(null))
        .setElementSection(module.elementSection())
        .setCodeSection(code.build())
        .setDataSection(module.dataSection())
        .setDataCountSection(module.dataCountSection().orElse(null))
        .setTagSection(module.tagSection().orElse(null))
        .build();
  }
}
