package dev.warder.policy.wasi.store;

import java.io.IOException;

/** Takes the blobs of a program, one by one; for one thread. */
@FunctionalInterface
public interface BlobSink {
  /**
   * Takes a blob; the caller may change the array afterwards.
   *
   * @throws BlobRefusedException if the name is not allowed or was used before, or a limit is
   *     passed
   * @throws IOException if it cannot be stored
   */
  void put(String name, byte[] content) throws IOException;
}
