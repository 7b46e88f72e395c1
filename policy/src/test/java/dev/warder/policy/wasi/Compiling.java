package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;

/** Compiles modules that were not described, for tests outside this package. */
public final class Compiling {
  private Compiling() {}

  public static Outcome<CompiledModule> undescribed(
      WasiEngine engine, Digest digest, byte[] module) {
    return engine.compile(digest, module);
  }
}
