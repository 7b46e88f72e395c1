package dev.warder.policy.wasi.store;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import java.util.Optional;

/**
 * Compiled programs, by the digest of the module they were made from. All methods may be called by
 * several threads.
 */
public sealed interface ProgramStore permits DiskProgramStore, MemoryProgramStore {
  /**
   * The module's program, if this store has one that it trusts. The caller closes it after the last
   * use; every call gives one of its own.
   */
  Optional<StoredProgram> find(Digest module);

  /**
   * Stores what the source writes, in place of what was there, if the source ends well; else
   * nothing remains of it. The caller closes the program after the last use.
   *
   * @return the program, the source's failure, {@code ModuleCompileFailed} if the source wrote more
   *     than the limits allow, or {@code ModuleStoreFailed} if it could not be stored
   */
  Outcome<StoredProgram> receive(Digest module, ProgramSource source);
}
