package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.Program.Origin;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.Snapshot;
import dev.warder.policy.wasi.golang.SplitModule;
import dev.warder.policy.wasi.store.BlobSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Compiles modules into the parts of a program. */
final class ProgramBuilder {
  /** For the boot of each command, in wall clock time; a compiler has a low priority. */
  private static final Duration BOOT_LIMIT = Duration.ofMinutes(1);

  private final ModuleChecks checks;
  private final Duration limit;

  /**
   * @param limit of the time that may be spent on functions that are too large
   */
  ProgramBuilder(ModuleChecks checks, Duration limit) {
    this.checks = checks;
    this.limit = limit;
  }

  /** Hands all parts of the module's program to the sink. Deeply nested code needs much stack. */
  Outcome<ProgramFacts> build(byte[] module, BlobSink sink) throws IOException {
    if (!WasmBytes.isCoreModule(module)) {
      return Outcome.failed(
          Reason.ModuleNotWasm,
          "the bytes do not start like a WebAssembly core module: publish the .wasm file itself, not"
              + " a component or an archive");
    }
    var code = SplitModule.of(module);
    var parsed = Parser.parse(code);
    return switch (checks.check(parsed)) {
      case Outcome.Done<List<ModuleImport>>(var imports) ->
          Outcome.done(build(module, code, parsed, imports, sink));
      case Outcome.Failed<List<ModuleImport>>(var failure) -> new Outcome.Failed<>(failure);
    };
  }

  private ProgramFacts build(
      byte[] module, byte[] code, WasmModule parsed, List<ModuleImport> imports, BlobSink sink)
      throws IOException {
    var compiled = new ModuleCompiler(code, parsed, limit).compile();
    var obstacle = Mutability.obstacle(parsed);
    var imported = imports.size();
    sink.put(
        Program.SKELETON,
        Skeleton.of(
            code,
            obstacle.isPresent(),
            function -> compiled.interpreted().contains(imported + function)));
    var machines = new ProgramClassLoader(classes(parsed, compiled, obstacle, sink)).machines();
    var facts =
        obstacle.isPresent()
            ? runAnew(obstacle.get())
            : images(module, parsed, imports, machines, sink);
    sink.put(ProgramFacts.BLOB, facts.encode());
    return facts;
  }

  private static ProgramFacts runAnew(String obstacle) {
    return new ProgramFacts(
        UUID.randomUUID().toString(),
        Execution.direct("every evaluation has a new instance of the module, as " + obstacle),
        Optional.empty(),
        Optional.of(obstacle));
  }

  private static ProgramFacts images(
      byte[] module,
      WasmModule parsed,
      List<ModuleImport> imports,
      Function<Instance, Machine> machines,
      BlobSink sink)
      throws IOException {
    var fresh =
        new Instances(parsed, machines)
            .make(
                ModuleImport.bound(imports, new GuestSlot()),
                EvaluationBudget.MAX_MEMORY_PAGES,
                memory -> {});
    var memory = fresh.memory();
    if (memory == null) {
      throw new IllegalStateException("an instance without memory has no image");
    }
    sink.put(
        Origin.BEGINNING.blob(),
        ImageCodec.encode(memory.pages(), memory.content(), fresh.globals()));
    return switch (Snapshots.take(module, parsed, machines, BOOT_LIMIT)) {
      case Attempt.Made<Snapshots>(var snapshots) -> {
        for (var entry : snapshots.byCommand().entrySet()) {
          sink.put(
              Origin.snapshotOf(entry.getKey()).blob(),
              image(entry.getValue(), fresh.globals().length));
        }
        yield new ProgramFacts(
            UUID.randomUUID().toString(),
            Execution.preinitialised(why(snapshots.resumption())),
            Optional.of(snapshots.resumption()),
            Optional.empty());
      }
      case Attempt.Refused<Snapshots>(var why) ->
          new ProgramFacts(
              UUID.randomUUID().toString(),
              Execution.direct(why),
              Optional.empty(),
              Optional.empty());
    };
  }

  /** What package initialisation has seen of the time stays as it was. */
  private static String why(ProgramFacts.Resumption resumption) {
    return resumption.readWallClock()
        ? "evaluations start where the module reads its input; its start read the clock, at "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS)
        : "evaluations start where the module reads its input";
  }

  /** The compiled module may have more globals than the original, which are 0 at the start. */
  private static byte[] image(Snapshot snapshot, int globals) {
    return ImageCodec.encode(
        snapshot.pages(), snapshot.memory(), Arrays.copyOf(snapshot.globals(), globals));
  }

  private static HeldParts classes(
      WasmModule parsed, ModuleCompiler.Compiled compiled, Optional<String> obstacle, BlobSink sink)
      throws IOException {
    var hasMemory = parsed.memorySection().filter(section -> section.memoryCount() > 0).isPresent();
    var rewriter =
        new ClassRewriter(
            ModuleCompiler.MACHINE,
            hasMemory,
            obstacle.isEmpty() && parsed.tableSection().tableCount() == 1);
    var classes = new HeldParts();
    for (var entry : compiled.classes().entrySet()) {
      if (rewriter.needs(entry.getKey())) {
        var part = ProgramClassLoader.blob(entry.getKey().replace('/', '.'));
        var rewritten = rewriter.rewrite(entry.getValue());
        classes.put(part, rewritten);
        sink.put(part, rewritten);
      }
    }
    return classes;
  }
}
