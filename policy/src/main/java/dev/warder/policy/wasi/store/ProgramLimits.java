package dev.warder.policy.wasi.store;

/**
 * What a program may hold.
 *
 * @param blobs how many, 1 to 1,000,000
 * @param nameBytes length of a name in UTF-8, 1 to 4096 bytes
 * @param blobBytes size of one blob in bytes
 * @param totalBytes size of all blobs together in bytes
 */
public record ProgramLimits(int blobs, int nameBytes, int blobBytes, long totalBytes) {
  /** 200,000 blobs of up to 256 MiB, 1 GiB together, names of up to 512 bytes. */
  public static final ProgramLimits DEFAULT = new ProgramLimits(200_000, 512, 256 << 20, 1L << 30);

  public ProgramLimits {
    check(blobs >= 1 && blobs <= 1_000_000, "blobs", blobs);
    check(nameBytes >= 1 && nameBytes <= 4096, "nameBytes", nameBytes);
    check(blobBytes >= 1, "blobBytes", blobBytes);
    check(totalBytes >= 1, "totalBytes", totalBytes);
  }

  private static void check(boolean good, String what, long value) {
    if (!good) {
      throw new IllegalArgumentException(what + " is out of range: " + value);
    }
  }
}
