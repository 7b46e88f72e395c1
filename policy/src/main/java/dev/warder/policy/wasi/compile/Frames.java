package dev.warder.policy.wasi.compile;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Length-checked pieces of the protocol. */
final class Frames {
  private Frames() {}

  /** A text with its length before it; what is beyond the limit is cut off. */
  static void writeText(DataOutput out, String text, int limit) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var length = Math.min(bytes.length, limit);
    out.writeShort(length);
    out.write(bytes, 0, length);
  }

  static <S extends InputStream & DataInput> String readText(S in, int limit, String what)
      throws IOException, GarbledException {
    var length = in.readUnsignedShort();
    if (length > limit) {
      throw new GarbledException("%s has %d bytes, more than %d".formatted(what, length, limit));
    }
    return new String(readBytes(in, length), StandardCharsets.UTF_8);
  }

  /** Takes memory only for what has arrived, whatever length was announced. */
  static byte[] readBytes(InputStream in, int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the stream ended within a frame");
    }
    return bytes;
  }
}
