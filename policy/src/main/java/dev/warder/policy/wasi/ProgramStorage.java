package dev.warder.policy.wasi;

import dev.warder.policy.wasi.compile.CompileMemory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where compiled programs are kept, and what compiling may take.
 *
 * @param folder of the store
 * @param keyFile of mode 0600, made if it does not exist: by this key programs are known for this
 *     installation's own
 * @param maxBytes size of all stored programs together
 * @param memory heap of the process that compiles
 * @param limit how long one module may take to compile
 */
public record ProgramStorage(
    Path folder, Path keyFile, long maxBytes, CompileMemory memory, Duration limit) {
  private static final long MIB = 1 << 20;

  /** The heap of the compiler process if nothing else is said. */
  public static final long DEFAULT_COMPILE_BYTES = 512 * MIB;

  private static final long FLOOR_BYTES = 96 * MIB;
  private static final int PER_MODULE_BYTE = 40;

  /**
   * In the folder of the module store with the usual limits: the key beside the programs, 512 MiB
   * and ten minutes to compile.
   */
  public static ProgramStorage in(Path folder) {
    return of(
        folder, folder.resolve("programs.key"), DEFAULT_COMPILE_BYTES, Duration.ofMinutes(10));
  }

  /**
   * At most 1 GiB of programs.
   *
   * @param compileBytes the most heap that the compiler process gets
   * @param limit how long one module may take to compile
   */
  public static ProgramStorage of(Path folder, Path keyFile, long compileBytes, Duration limit) {
    return new ProgramStorage(
        folder,
        keyFile,
        1024 * MIB,
        new CompileMemory(Math.min(FLOOR_BYTES, compileBytes), PER_MODULE_BYTE, compileBytes),
        limit);
  }
}
