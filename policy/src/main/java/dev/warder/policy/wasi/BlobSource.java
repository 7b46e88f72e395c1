package dev.warder.policy.wasi;

/** The named parts of a compiled program. */
interface BlobSource {
  /**
   * Reads one part.
   *
   * @throws RuntimeException when there is none of that name or it cannot be trusted
   */
  byte[] read(String name);
}
