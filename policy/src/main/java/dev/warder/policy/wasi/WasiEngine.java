package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.Parser;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.reference.Digest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Compiles modules on a thread of its own, and ends runs at their deadline. Close it after the last
 * run.
 */
public final class WasiEngine implements AutoCloseable {
  private static final byte[] CORE_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private static final Duration COMPILE_LIMIT = Duration.ofMinutes(5);

  private final Duration compileLimit;
  private final ExecutorService compiler =
      Executors.newSingleThreadExecutor(GuestThreads.factory("warder-compile"));
  private final DeadlineWatcher watcher = new DeadlineWatcher();
  private final HostFunctions functions = new HostFunctions();
  private final ModuleChecks checks = new ModuleChecks(functions);

  public WasiEngine() {
    this(COMPILE_LIMIT);
  }

  WasiEngine(Duration compileLimit) {
    this.compileLimit = compileLimit;
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
    if (!isCoreModule(module)) {
      return Outcome.failed(
          Reason.ModuleNotWasm,
          "the bytes do not start like a WebAssembly core module: publish the .wasm file itself, not"
              + " a component or an archive");
    }
    var parsed = Parser.parse(module);
    return checks
        .check(parsed)
        .map(
            imports ->
                new CompiledModule(
                    digest, Program.compile(parsed, imports, compileLimit), watcher));
  }

  private static boolean isCoreModule(byte[] module) {
    return module.length >= CORE_MODULE.length
        && Arrays.equals(module, 0, CORE_MODULE.length, CORE_MODULE, 0, CORE_MODULE.length);
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
