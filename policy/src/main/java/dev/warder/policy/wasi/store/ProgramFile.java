package dev.warder.policy.wasi.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The layout of a program's file: eight bytes that say what it is, the blobs without gaps, the
 * {@linkplain ProgramIndex index}, the index's length (int) and its HMAC-SHA-256. The index binds
 * every other byte, so nothing of a file is believed whose index does not have its HMAC.
 */
final class ProgramFile {
  static final byte[] MAGIC = "warder-p".getBytes(StandardCharsets.US_ASCII);

  /** So that the HMAC of an index is that of nothing else this key may ever be used for. */
  private static final byte[] PURPOSE =
      "warder program index\0".getBytes(StandardCharsets.US_ASCII);

  private static final int MAC_BYTES = 32;
  private static final int TRAILER_BYTES = Integer.BYTES + MAC_BYTES;

  /** Longest index in bytes; this much heap a file can cost before it is known to be forged. */
  static final int MAX_INDEX_BYTES = 32 << 20;

  private ProgramFile() {}

  static byte[] mac(ProgramStoreKey key, byte[] index) {
    var mac = key.mac();
    mac.update(PURPOSE);
    return mac.doFinal(index);
  }

  /** What follows after the blobs. */
  static void writeEnd(RandomAccessFile file, ProgramStoreKey key, byte[] index)
      throws IOException {
    file.write(index);
    var trailer = ByteBuffer.allocate(TRAILER_BYTES).putInt(index.length).put(mac(key, index));
    file.write(trailer.array());
  }

  /**
   * Reads the index of a file.
   *
   * @throws ProgramDamagedException if it is not one that was written with this key
   */
  static ProgramIndex readIndex(RandomAccessFile file, ProgramStoreKey key)
      throws IOException, ProgramDamagedException {
    try {
      var length = file.length();
      if (length < MAGIC.length + TRAILER_BYTES) {
        throw new ProgramDamagedException("it is cut short");
      }
      if (!MessageDigest.isEqual(MAGIC, read(file, 0, MAGIC.length))) {
        throw new ProgramDamagedException("it is no program");
      }
      var trailer = ByteBuffer.wrap(read(file, length - TRAILER_BYTES, TRAILER_BYTES));
      var size = trailer.getInt();
      var start = length - TRAILER_BYTES - size;
      if (size < 0 || size > MAX_INDEX_BYTES || start < MAGIC.length) {
        throw new ProgramDamagedException("the length of its index is wrong");
      }
      var expected = new byte[MAC_BYTES];
      trailer.get(expected);
      var index = read(file, start, size);
      if (!MessageDigest.isEqual(expected, mac(key, index))) {
        throw new ProgramDamagedException("it was changed, or written with another key");
      }
      return ProgramIndex.parse(index, MAGIC.length, start);
    } catch (EOFException e) {
      throw new ProgramDamagedException("it is cut short");
    }
  }

  private static byte[] read(RandomAccessFile file, long offset, int length) throws IOException {
    var bytes = new byte[length];
    file.seek(offset);
    file.readFully(bytes);
    return bytes;
  }
}
