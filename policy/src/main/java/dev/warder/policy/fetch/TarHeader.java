package dev.warder.policy.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The header of a file in a tar archive (ustar): a plain file or a folder. */
record TarHeader(String name, boolean folder, long size) {
  static final int BLOCK = 512;
  private static final int NAME_CHARS = 100;
  private static final int SIZE_AT = 124;
  private static final int CHECKSUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_CHARS = 155;

  /** The block; owner and times are the same everywhere. */
  byte[] write() {
    if (name.length() >= NAME_CHARS) {
      throw new IllegalArgumentException("a name is too long for a tar archive: " + name);
    }
    var block = new byte[BLOCK];
    put(block, 0, name);
    put(block, 100, folder ? "0000755" : "0000644");
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, SIZE_AT, "%011o".formatted(size));
    put(block, 136, "00000000000");
    put(block, CHECKSUM_AT, "        ");
    block[TYPE_AT] = (byte) (folder ? '5' : '0');
    put(block, MAGIC_AT, "ustar\00000");
    put(block, CHECKSUM_AT, "%06o\0 ".formatted(sum(block)));
    return block;
  }

  /** Reads a block; empty for the end of the archive. */
  static Optional<TarHeader> read(byte[] block) throws IOException {
    if (Arrays.equals(block, new byte[BLOCK])) {
      return Optional.empty();
    }
    var unsummed = block.clone();
    Arrays.fill(unsummed, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
    if (octal(block, CHECKSUM_AT, 8) != sum(unsummed)) {
      throw new IOException("it is no tar archive, or damaged");
    }
    var prefix = text(block, PREFIX_AT, PREFIX_CHARS);
    var name = text(block, 0, NAME_CHARS);
    var path = prefix.isEmpty() ? name : prefix + "/" + name;
    return switch (block[TYPE_AT]) {
      case 0, '0' -> Optional.of(new TarHeader(path, false, octal(block, SIZE_AT, 12)));
      case '5' -> Optional.of(new TarHeader(path, true, 0));
      default ->
          throw new IOException("\"" + path + "\" is a link or something else than a plain file");
    };
  }

  /** How many bytes follow the content up to the next header. */
  long padding() {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  private static int sum(byte[] block) {
    var sum = 0;
    for (var one : block) {
      sum += one & 0xff;
    }
    return sum;
  }

  private static void put(byte[] block, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static String text(byte[] block, int at, int length) {
    var end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] block, int at, int length) throws IOException {
    try {
      return Long.parseLong(text(block, at, length).strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("it is no tar archive, or one with files of 8 GiB");
    }
  }
}
