package dev.warder.policy.wasi.compile;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.StoredProgram;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A module that somebody waits for, until they give up. */
final class CompileJob {
  private final Digest digest;
  private final Path module;
  private boolean abandoned;
  private @Nullable CompilerJvm jvm;
  private @Nullable Outcome<StoredProgram> result;

  CompileJob(Digest digest, Path module) {
    this.digest = digest;
    this.module = module;
  }

  Digest digest() {
    return digest;
  }

  Path module() {
    return module;
  }

  synchronized boolean isAbandoned() {
    return abandoned;
  }

  /** From now on that process works for nobody else. */
  synchronized void runsOn(CompilerJvm jvm) {
    this.jvm = jvm;
    if (abandoned) {
      jvm.kill(CompilerJvm.Killed.NOT_NEEDED);
    }
  }

  synchronized void leaves() {
    jvm = null;
  }

  /** Hands the result over; without anybody to take it, it is let go of. */
  synchronized Outcome<StoredProgram> end(Outcome<StoredProgram> outcome) {
    result = outcome;
    if (abandoned) {
      release();
    }
    return outcome;
  }

  /** Nobody waits any more: stops the work and lets go of what it gave. */
  synchronized void abandon() {
    abandoned = true;
    if (jvm != null) {
      jvm.kill(CompilerJvm.Killed.NOT_NEEDED);
    }
    release();
  }

  private void release() {
    if (result instanceof Outcome.Done<StoredProgram>(var program)) {
      program.close();
    }
  }
}
