package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import java.nio.file.Path;

/** Where compiled programs come from. All methods may be called by several threads. */
interface ProgramMaker extends AutoCloseable {
  /**
   * Gives the parts of a module's program; takes seconds for a module of some megabytes.
   *
   * @param module its bytes
   * @param file with the same bytes
   */
  Outcome<BlobSource> make(Digest digest, byte[] module, Path file);

  @Override
  void close();
}
