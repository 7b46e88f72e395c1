package dev.warder.policy.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads the numbers and names inside of a section. */
final class WasmCursor {
  private static final int MAX_LEB_BYTES = 10;

  private final byte[] bytes;
  private final int end;
  private int position;

  WasmCursor(byte[] bytes, WasmSections.Section section) {
    this.bytes = bytes;
    this.position = section.content();
    this.end = section.end();
  }

  /** What is read does not add up; never leaves this package. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String problem) {
      super(problem);
    }
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == end;
  }

  int next() throws MalformedException {
    if (position >= end) {
      throw new MalformedException("a section ends too early, at byte " + position);
    }
    return bytes[position++] & 0xff;
  }

  /** An unsigned number of 32 bits that counts something in the section. */
  int count() throws MalformedException {
    var value = 0L;
    for (int shift = 0; shift < 35; shift += 7) {
      var part = next();
      value |= (part & 0x7fL) << shift;
      if (part < 0x80) {
        if (value > end) {
          throw new MalformedException("a number is too large, at byte " + position);
        }
        return (int) value;
      }
    }
    throw new MalformedException("a number is too long, at byte " + position);
  }

  /** Passes a number of any kind. */
  void skipNumber() throws MalformedException {
    for (int i = 0; i < MAX_LEB_BYTES; i++) {
      if (next() < 0x80) {
        return;
      }
    }
    throw new MalformedException("a number is too long, at byte " + position);
  }

  String name() throws MalformedException {
    var length = count();
    if (length > end - position) {
      throw new MalformedException("a name reaches beyond its section, at byte " + position);
    }
    var name = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return name;
  }

  /** Writes a number as LEB128. */
  static void writeCount(ByteArrayOutputStream out, int count) {
    var rest = count;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /** Writes a name with its length. */
  static void writeName(ByteArrayOutputStream out, String name) {
    var text = name.getBytes(StandardCharsets.UTF_8);
    writeCount(out, text.length);
    out.writeBytes(text);
  }
}
