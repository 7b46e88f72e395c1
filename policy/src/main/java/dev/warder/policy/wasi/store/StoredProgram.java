package dev.warder.policy.wasi.store;

import dev.warder.policy.reference.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A program in use: named blobs that are read one by one, for as long as it is open, whatever
 * becomes of it in its store. One that nobody holds any more is closed by the garbage collector.
 * Its methods may be called by several threads, and do not mind that the thread is interrupted.
 */
public sealed interface StoredProgram extends AutoCloseable permits DiskProgram, MemoryProgram {
  /** The digest of the module that it was made from. */
  Digest module();

  /** The names of all blobs, in the order of their UTF-8 bytes; made anew by each call. */
  List<String> names();

  boolean has(String name);

  /**
   * Reads a blob, or nothing if the program has none of that name.
   *
   * @throws ProgramDamagedException if the bytes cannot be read or are not those that were stored:
   *     the program is of no use any more, has been removed from its store and must be made again
   * @throws IllegalStateException if the program was closed
   */
  Optional<byte[]> read(String name) throws ProgramDamagedException;

  /** Lets go of the file; closing twice does nothing. */
  @Override
  void close();
}
