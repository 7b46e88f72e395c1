package dev.warder.policy.wasi.store;

import dev.warder.policy.reference.Digest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the blobs of a program lie in its file, and their hashes. Kept as the bytes that stand in
 * the file, with one number per blob beside them: a program has thousands of blobs and a process
 * holds dozens of programs.
 *
 * <p>The bytes: version (int), the module's digest (32 bytes), fingerprint (short length, UTF-8),
 * count (int), and for each blob, in the order of the names' bytes: name (short length, UTF-8),
 * offset (long), stored length (int), length (int), SHA-256 of the stored bytes.
 */
final class ProgramIndex {
  static final int VERSION = 1;
  static final int HASH_BYTES = 32;
  static final int MAX_FINGERPRINT_BYTES = 1024;

  /** Length of an entry without its name. */
  static final int ENTRY_BYTES = Short.BYTES + Long.BYTES + 2 * Integer.BYTES + HASH_BYTES;

  private final byte[] bytes;
  private final Digest module;
  private final String fingerprint;
  private final int[] entries;

  private ProgramIndex(byte[] bytes, Digest module, String fingerprint, int[] entries) {
    this.bytes = bytes;
    this.module = module;
    this.fingerprint = fingerprint;
    this.entries = entries;
  }

  /** A blob's place and nature. */
  record Entry(long offset, int stored, int length) {}

  /**
   * Reads an index.
   *
   * @param from offset of the first blob
   * @param to offset of the end of the last one
   */
  static ProgramIndex parse(byte[] bytes, long from, long to) throws ProgramDamagedException {
    try {
      var in = ByteBuffer.wrap(bytes);
      var version = in.getInt();
      check(version == VERSION, "it has the format version " + version);
      var hash = new byte[HASH_BYTES];
      in.get(hash);
      var fingerprint = text(in, MAX_FINGERPRINT_BYTES);
      var count = in.getInt();
      check(count >= 0 && count <= in.remaining() / ENTRY_BYTES, "its count of parts is wrong");
      var entries = new int[count];
      var index = new ProgramIndex(bytes, Digest.ofHash(hash), fingerprint, entries);
      long total = 0;
      for (int i = 0; i < count; i++) {
        entries[i] = in.position();
        text(in, Short.MAX_VALUE);
        in.position(in.position() + ENTRY_BYTES - Short.BYTES);
        check(i == 0 || index.compare(i - 1, index.name(i)) < 0, "its names are out of order");
        var entry = index.entry(i);
        check(
            entry.offset >= from
                && entry.stored >= 0
                && entry.stored <= entry.length
                && entry.offset <= to - entry.stored,
            "a part lies outside of it");
        total += entry.stored;
      }
      check(!in.hasRemaining() && total == to - from, "its length is wrong");
      return index;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new ProgramDamagedException("its index is cut short");
    }
  }

  private static void check(boolean good, String otherwise) throws ProgramDamagedException {
    if (!good) {
      throw new ProgramDamagedException(otherwise);
    }
  }

  private static String text(ByteBuffer in, int limit) throws ProgramDamagedException {
    var length = in.getShort();
    check(length >= 0 && length <= limit && length <= in.remaining(), "a text in it is too long");
    var text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  Digest module() {
    return module;
  }

  String fingerprint() {
    return fingerprint;
  }

  List<String> names() {
    return new AbstractList<String>() {
      @Override
      public String get(int i) {
        return new String(name(i), StandardCharsets.UTF_8);
      }

      @Override
      public int size() {
        return entries.length;
      }
    };
  }

  /** The number of the blob of that name. */
  Optional<Integer> find(String name) {
    var wanted = name.getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = entries.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, wanted);
      if (order == 0) {
        return Optional.of(middle);
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  Entry entry(int i) {
    var in = ByteBuffer.wrap(bytes, afterName(i), Long.BYTES + 2 * Integer.BYTES);
    return new Entry(in.getLong(), in.getInt(), in.getInt());
  }

  /** Whether these are the stored bytes of the blob. */
  boolean hasHash(int i, byte[] stored) {
    var hash = Digest.sha256().digest(stored);
    int at = afterName(i) + Long.BYTES + 2 * Integer.BYTES;
    return MessageDigest.isEqual(hash, Arrays.copyOfRange(bytes, at, at + HASH_BYTES));
  }

  private byte[] name(int i) {
    return Arrays.copyOfRange(bytes, entries[i] + Short.BYTES, afterName(i));
  }

  private int compare(int i, byte[] name) {
    return Arrays.compareUnsigned(
        bytes, entries[i] + Short.BYTES, afterName(i), name, 0, name.length);
  }

  private int afterName(int i) {
    return entries[i] + Short.BYTES + ByteBuffer.wrap(bytes).getShort(entries[i]);
  }
}
