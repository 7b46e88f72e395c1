package dev.warder.policy.wasi.compile;

/**
 * How much heap the compiler process gets: a floor, more for larger modules, up to a ceiling. A
 * module for which that was too little is tried once more with the ceiling.
 *
 * @param floorBytes for the smallest module, at least 16 MiB
 * @param perModuleByte heap bytes for each byte of a module, on top of the floor
 * @param ceilingBytes what no module gets more than
 */
public record CompileMemory(long floorBytes, int perModuleByte, long ceilingBytes) {
  private static final long LEAST = 16 << 20;

  public CompileMemory {
    if (floorBytes < LEAST || perModuleByte < 0 || ceilingBytes < floorBytes) {
      throw new IllegalArgumentException(
          "no compiler process can have %d + %d per byte, at most %d bytes of heap"
              .formatted(floorBytes, perModuleByte, ceilingBytes));
    }
  }

  /** Heap in bytes for a module of that size. */
  public long forModule(long moduleBytes) {
    var room = ceilingBytes - floorBytes;
    return perModuleByte != 0 && moduleBytes > room / perModuleByte
        ? ceilingBytes
        : floorBytes + moduleBytes * perModuleByte;
  }
}
