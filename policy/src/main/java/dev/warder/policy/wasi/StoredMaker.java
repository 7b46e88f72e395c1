package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.compile.CompilerProcess;
import dev.warder.policy.wasi.compile.CompilerSettings;
import dev.warder.policy.wasi.store.DiskProgramStore;
import dev.warder.policy.wasi.store.ProgramDamagedException;
import dev.warder.policy.wasi.store.ProgramLimits;
import dev.warder.policy.wasi.store.ProgramStore;
import dev.warder.policy.wasi.store.ProgramStoreKey;
import dev.warder.policy.wasi.store.StoredProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps programs on disk, and has those that are missing compiled by another process. */
final class StoredMaker implements ProgramMaker {
  /** How long the process waits for another module, so that many in a row share its start. */
  private static final Duration IDLE = Duration.ofSeconds(3);

  private final ProgramStore store;
  private final CompilerProcess compiler;

  StoredMaker(ProgramStorage storage, ProgramStoreKey key) {
    store =
        new DiskProgramStore(
            storage.folder(), key, Fingerprint.text(), storage.maxBytes(), ProgramLimits.DEFAULT);
    compiler =
        new CompilerProcess(
            new CompilerSettings(
                CompilerMain.class.getName(),
                List.of("--sun-misc-unsafe-memory-access=allow"),
                storage.memory(),
                storage.limit(),
                IDLE,
                ProgramLimits.DEFAULT),
            store);
  }

  @Override
  public Outcome<BlobSource> make(Digest digest, byte[] module, Path file) {
    return store
        .find(digest)
        .map(Outcome::done)
        .orElseGet(() -> compiler.compile(digest, file))
        .map(StoredMaker::parts);
  }

  private static BlobSource parts(StoredProgram program) {
    return name -> {
      try {
        return program
            .read(name)
            .orElseThrow(() -> damaged(program, "it has no part " + name, null));
      } catch (ProgramDamagedException e) {
        throw damaged(program, String.valueOf(e.getMessage()), e);
      }
    };
  }

  private static IllegalStateException damaged(
      StoredProgram program, String why, @Nullable Exception cause) {
    return new IllegalStateException(
        "the compiled program of module %s on disk is damaged (%s): check the disk of the --store"
                .formatted(program.module(), why)
            + " folder and restart Warder, which compiles it again",
        cause);
  }

  @Override
  public void close() {
    compiler.close();
  }
}
