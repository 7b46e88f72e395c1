package dev.warder.policy.wasi.store;

import dev.warder.policy.Outcome;
import java.io.IOException;

/** Makes a program. */
@FunctionalInterface
public interface ProgramSource {
  /**
   * Writes all blobs in any order and says how it went.
   *
   * @throws IOException what the sink threw; the program is then given up
   */
  Outcome<?> writeTo(BlobSink sink) throws IOException;
}
