package dev.warder.policy.wasi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that tells this installation's programs from those of somebody else: whoever knows it and
 * can write to a store gets code into every process that uses the two.
 */
public final class ProgramStoreKey {
  /** Length of a key in bytes. */
  public static final int BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private ProgramStoreKey(byte[] bytes) {
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /**
   * A key that is kept elsewhere.
   *
   * @throws IllegalArgumentException if it does not have 32 bytes
   */
  public static ProgramStoreKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "the program store's key has %d bytes instead of %d".formatted(bytes.length, BYTES));
    }
    return new ProgramStoreKey(bytes);
  }

  /**
   * The key in a local file, which is created with random bytes when it is missing. A file that
   * stands beside the store protects against those who may write to the store but not read as this
   * user; against all others it has to stand where they do not reach it.
   *
   * @throws UncheckedIOException if the file cannot be read or created, is not a regular file of
   *     mode 0600 that belongs to this user, or does not hold 32 bytes
   */
  public static ProgramStoreKey fromFile(Path file) {
    try {
      return new ProgramStoreKey(new KeyFile(file, BYTES).readOrCreate());
    } catch (IOException e) {
      var why = e.getClass() == IOException.class ? e.getMessage() : e.toString();
      throw new UncheckedIOException(
          "the program store's key %s cannot be used: %s".formatted(file, why), e);
    }
  }

  Mac mac() {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "ProgramStoreKey";
  }
}
