package dev.warder.policy.wasi.golang;

import java.nio.charset.StandardCharsets;

/** Reads the numbers of the WebAssembly format from a range of bytes, and never beyond it. */
final class ByteCursor {
  private static final int MAX_NAME_BYTES = 4096;
  private static final int MAX_ITEMS = 1_000_000;

  private final byte[] bytes;
  private final int end;
  private int position;

  ByteCursor(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == end;
  }

  int u8() throws UnsuitableException {
    if (position >= end) {
      throw ended();
    }
    return bytes[position++] & 0xff;
  }

  /** LEB128; sizes and indexes of 2^31 and more are refused. */
  int u32() throws UnsuitableException {
    var value = unsigned32();
    if (value > Integer.MAX_VALUE) {
      throw UnsuitableException.malformed("a number at byte " + position + " is too large");
    }
    return (int) value;
  }

  /** LEB128 of 32 bits. */
  long unsigned32() throws UnsuitableException {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      var part = u8();
      value |= (part & 0x7fL) << shift;
      if (part < 0x80 && value <= 0xffff_ffffL) {
        return value;
      }
    }
    throw UnsuitableException.malformed("a number at byte " + position + " is too long");
  }

  /** LEB128 of up to that many bits, with sign. */
  long signed(int bits) throws UnsuitableException {
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      var part = u8();
      value |= (part & 0x7fL) << shift;
      if (part < 0x80) {
        var unused = Math.max(0, Long.SIZE - 7 - shift);
        return value << unused >> unused;
      }
    }
    throw UnsuitableException.malformed("a number at byte " + position + " is too long");
  }

  /** The length of a vector, of which each item takes a byte or more. */
  int count() throws UnsuitableException {
    var count = u32();
    if (count > end - position) {
      throw ended();
    }
    if (count > MAX_ITEMS) {
      throw new UnsuitableException(
          "the module is too large: it has more than %d of something".formatted(MAX_ITEMS));
    }
    return count;
  }

  void skip(int length) throws UnsuitableException {
    if (length > end - position) {
      throw ended();
    }
    position += length;
  }

  String name() throws UnsuitableException {
    var length = u32();
    if (length > MAX_NAME_BYTES) {
      throw UnsuitableException.malformed("a name is longer than " + MAX_NAME_BYTES + " bytes");
    }
    var start = position;
    skip(length);
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  private UnsuitableException ended() {
    return UnsuitableException.malformed("it ends in the middle of something at byte " + position);
  }
}
