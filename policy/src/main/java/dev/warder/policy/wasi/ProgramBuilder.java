package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.Program.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Compiles a module into the parts of a program. Needs a guest thread's stack. */
final class ProgramBuilder {
  private final ModuleChecks checks;
  private final Duration limit;

  /**
   * @param limit of the time that may be spent on functions that are too large
   */
  ProgramBuilder(ModuleChecks checks, Duration limit) {
    this.checks = checks;
    this.limit = limit;
  }

  /** Takes a part of a program. */
  @FunctionalInterface
  interface PartSink {
    void accept(String name, byte[] content);
  }

  /** What is known when all parts were handed over. */
  Outcome<ProgramFacts> build(byte[] module, PartSink sink) {
    if (!WasmBytes.isCoreModule(module)) {
      return Outcome.failed(
          Reason.ModuleNotWasm,
          "the bytes do not start like a WebAssembly core module: publish the .wasm file itself, not"
              + " a component or an archive");
    }
    var parsed = Parser.parse(module);
    return checks.check(parsed).map(imports -> build(module, parsed, imports, sink));
  }

  private ProgramFacts build(
      byte[] module, WasmModule parsed, List<ModuleImport> imports, PartSink sink) {
    var compiled = new ModuleCompiler(module, parsed, limit).compile();
    var hasMemory = parsed.memorySection().filter(section -> section.memoryCount() > 0).isPresent();
    var classes = classes(compiled, hasMemory, sink);
    var obstacle = Mutability.obstacle(parsed);
    var imported = imports.size();
    sink.accept(
        Program.SKELETON,
        Skeleton.of(
            module,
            obstacle.isPresent(),
            function -> compiled.interpreted().contains(imported + function)));
    if (obstacle.isEmpty()) {
      var machines = new ProgramClassLoader(classes).machines();
      var fresh =
          new Instances(parsed, imports, machines)
              .make(new GuestSlot(), EvaluationBudget.MAX_MEMORY_PAGES, memory -> {});
      sink.accept(Origin.BEGINNING.blob(), image(fresh));
    }
    var facts =
        new ProgramFacts(
            Execution.direct("the module is not pre-initialised"), Optional.empty(), obstacle);
    sink.accept(ProgramFacts.BLOB, facts.encode());
    return facts;
  }

  private static byte[] image(LiveInstance instance) {
    var memory = instance.memory();
    if (memory == null) {
      throw new IllegalStateException("an instance without memory has no image");
    }
    return ImageCodec.encode(memory.pages(), memory.content(), instance.globals());
  }

  private static HeldParts classes(
      ModuleCompiler.Compiled compiled, boolean hasMemory, PartSink sink) {
    var rewriter = new ClassRewriter(ModuleCompiler.MACHINE, hasMemory);
    var classes = new HeldParts();
    compiled
        .classes()
        .forEach(
            (name, bytes) -> {
              if (rewriter.needs(name)) {
                var part = ProgramClassLoader.blob(name.replace('/', '.'));
                var rewritten = rewriter.rewrite(bytes);
                classes.accept(part, rewritten);
                sink.accept(part, rewritten);
              }
            });
    return classes;
  }
}
