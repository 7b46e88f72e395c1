package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.Parser;
import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.machine.BlockSharing;
import dev.warder.policy.wasi.store.DiskProofs;
import dev.warder.policy.wasi.store.MemoryProofs;
import dev.warder.policy.wasi.store.ProgramStoreKey;
import dev.warder.policy.wasi.store.Proofs;
import java.io.ByteArrayInputStream;
import java.time.Duration;

/** Compiles and loads modules, and ends runs at their deadline. Close it after the last run. */
public final class WasiEngine implements AutoCloseable {
  /** Instances that wait for their next evaluation may hold this part of the heap. */
  private static final int IDLE_SHARE_OF_HEAP = 4;

  private static final Duration COMPILE_LIMIT = Duration.ofMinutes(5);

  private final DeadlineWatcher watcher = new DeadlineWatcher();
  private final HostFunctions functions = new HostFunctions();
  private final ModuleChecks checks = new ModuleChecks(functions);
  private final BlockSharing sharing = new BlockSharing();
  private final InProcessMaker own;
  private final ProgramMaker maker;
  private final RunContext context;
  private final IdleMemory idleMemory;

  /** An engine that compiles in this process and keeps nothing. */
  public WasiEngine() {
    this(COMPILE_LIMIT);
  }

  WasiEngine(Duration compileLimit) {
    own = new InProcessMaker(new ProgramBuilder(checks, compileLimit));
    maker = own;
    context = context(new MemoryProofs());
    idleMemory = new IdleMemory(context.instances());
    HostWarmUp.run(functions);
  }

  /**
   * An engine that compiles in a process of its own and keeps what was compiled.
   *
   * @throws java.io.UncheckedIOException if the storage cannot be used
   */
  public WasiEngine(ProgramStorage storage) {
    own = new InProcessMaker(new ProgramBuilder(checks, COMPILE_LIMIT));
    var key = ProgramStoreKey.fromFile(storage.keyFile());
    maker = new StoredMaker(storage, key);
    context = context(new DiskProofs(storage.folder(), key));
    idleMemory = new IdleMemory(context.instances());
    HostWarmUp.run(functions);
  }

  private RunContext context(Proofs proofs) {
    return new RunContext(
        watcher, new InstancePool(Runtime.getRuntime().maxMemory() / IDLE_SHARE_OF_HEAP), proofs);
  }

  /**
   * Checks a module's imports and compiles it, if it is not compiled already; takes seconds for a
   * module of some megabytes. One module at a time, further callers wait.
   */
  public Outcome<CompiledModule> compile(DescribedModule described) {
    var verified = described.module();
    var fetched = verified.fetched();
    return maker
        .make(fetched.digest(), verified.content(), fetched.file())
        .then(parts -> load(fetched.digest(), parts));
  }

  /** The same in this process, for bytes of which the caller knows the digest. */
  public Outcome<CompiledModule> compile(Digest digest, byte[] module) {
    return own.make(module).then(parts -> load(digest, parts));
  }

  private Outcome<CompiledModule> load(Digest digest, BlobSource parts) {
    try {
      var facts = ProgramFacts.decode(parts.read(ProgramFacts.BLOB));
      var bytes = parts.read(Program.SKELETON);
      var skeleton =
          Parser.builder()
              .withValidation(false)
              .build()
              .parse(() -> new ByteArrayInputStream(bytes));
      return checks
          .check(skeleton)
          .map(
              imports ->
                  new CompiledModule(
                      digest,
                      new Program(skeleton, imports, facts, parts, sharing),
                      facts.execution(),
                      context));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return CompileFailure.of(e);
    }
  }

  @Override
  public void close() {
    own.close();
    maker.close();
    idleMemory.close();
    watcher.close();
  }
}
