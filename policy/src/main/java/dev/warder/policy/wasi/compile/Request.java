package dev.warder.policy.wasi.compile;

import dev.warder.policy.reference.Digest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;

/** A module to compile. */
record Request(Digest digest, int size, Path file) {
  private static final int HASH_BYTES = 32;

  void writeTo(DataOutputStream out) throws IOException {
    out.writeByte(Protocol.COMPILE);
    out.write(HexFormat.of().parseHex(digest.hex()));
    out.writeInt(size);
    Frames.writeText(out, file.toString(), Protocol.MAX_PATH_BYTES);
    out.flush();
  }

  /**
   * Reads a request.
   *
   * @throws IOException if the stream ends or breaks
   */
  static Request readFrom(DataInputStream in) throws IOException, GarbledException {
    var tag = in.readUnsignedByte();
    if (tag != Protocol.COMPILE) {
      throw new GarbledException("a request of kind 0x%02x".formatted(tag));
    }
    var digest = Digest.ofHash(Frames.readBytes(in, HASH_BYTES));
    var size = in.readInt();
    if (size < 0) {
      throw new GarbledException("a module of %d bytes".formatted(Integer.toUnsignedLong(size)));
    }
    var path = Frames.readText(in, Protocol.MAX_PATH_BYTES, "a path");
    try {
      return new Request(digest, size, Path.of(path));
    } catch (InvalidPathException e) {
      throw new GarbledException("a path that is none");
    }
  }
}
