package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.Parser;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.machine.BlockSharing;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Compiles modules on a thread of its own, and ends runs at their deadline. Close it after the last
 * run.
 */
public final class WasiEngine implements AutoCloseable {
  /** Instances that wait for their next evaluation may hold this part of the heap. */
  private static final int IDLE_SHARE_OF_HEAP = 4;

  private static final Duration COMPILE_LIMIT = Duration.ofMinutes(5);

  private final ExecutorService compiler =
      Executors.newSingleThreadExecutor(GuestThreads.factory("warder-compile"));
  private final DeadlineWatcher watcher = new DeadlineWatcher();
  private final HostFunctions functions = new HostFunctions();
  private final ModuleChecks checks = new ModuleChecks(functions);
  private final BlockSharing sharing = new BlockSharing();
  private final ProgramBuilder builder;
  private final RunContext context;

  public WasiEngine() {
    this(COMPILE_LIMIT);
  }

  WasiEngine(Duration compileLimit) {
    builder = new ProgramBuilder(checks, compileLimit);
    context =
        new RunContext(
            watcher, new InstancePool(Runtime.getRuntime().maxMemory() / IDLE_SHARE_OF_HEAP));
    HostWarmUp.run(functions);
  }

  /**
   * Checks a module's imports and compiles it; takes seconds for a module of some megabytes. One
   * module at a time, further callers wait.
   */
  public Outcome<CompiledModule> compile(DescribedModule described) {
    var verified = described.module();
    return compile(verified.fetched().digest(), verified.content());
  }

  /** The same for bytes that need no description, of which the caller knows the digest. */
  public Outcome<CompiledModule> compile(Digest digest, byte[] module) {
    try {
      return compiler.submit(() -> compileNow(digest, module)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.InternalError, "interrupted while waiting for the module to be compiled");
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    }
  }

  private Outcome<CompiledModule> compileNow(Digest digest, byte[] module) {
    var parts = new HeldParts();
    return builder.build(module, parts).then(facts -> load(digest, facts, parts));
  }

  private Outcome<CompiledModule> load(Digest digest, ProgramFacts facts, BlobSource blobs) {
    var skeleton =
        Parser.builder()
            .withValidation(false)
            .build()
            .parse(() -> new ByteArrayInputStream(blobs.read(Program.SKELETON)));
    return checks
        .check(skeleton)
        .map(
            imports ->
                new CompiledModule(
                    digest,
                    new Program(skeleton, imports, facts, blobs, sharing),
                    facts.execution(),
                    context));
  }

  /** Whatever the parser or the compiler threw, the module is at fault and the process goes on. */
  private static <T> Outcome<T> failed(Throwable cause) {
    var why =
        switch (cause) {
          case OutOfMemoryError e -> "it needs more memory to compile than the process has";
          case StackOverflowError e -> "its code is nested too deeply";
          default -> Traps.text(cause);
        };
    return Outcome.failed(Reason.ModuleCompileFailed, "the module cannot be compiled: " + why);
  }

  @Override
  public void close() {
    compiler.shutdownNow();
    watcher.close();
  }
}
