package dev.warder.policy.wasi.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Counts what goes into a program and refuses what is beyond its limits. */
final class BlobGate {
  private final ProgramLimits limits;
  private int blobs;
  private long total;

  BlobGate(ProgramLimits limits) {
    this.limits = limits;
  }

  /** The name's bytes, if a blob of that name and size may still be added. */
  byte[] admit(String name, int size) throws BlobRefusedException {
    var bytes = utf8(name);
    if (bytes.length == 0 || bytes.length > limits.nameBytes()) {
      throw new BlobRefusedException(
          "a name has %d bytes instead of 1 to %d".formatted(bytes.length, limits.nameBytes()));
    }
    if (size > limits.blobBytes()) {
      throw new BlobRefusedException(
          "the part %s has %d bytes, more than %d".formatted(name, size, limits.blobBytes()));
    }
    if (++blobs > limits.blobs()) {
      throw new BlobRefusedException("it has more than " + limits.blobs() + " parts");
    }
    total += size;
    if (total > limits.totalBytes()) {
      throw new BlobRefusedException("it has more than " + limits.totalBytes() + " bytes");
    }
    return bytes;
  }

  private static byte[] utf8(String name) throws BlobRefusedException {
    try {
      var bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(name));
      return toArray(bytes);
    } catch (CharacterCodingException e) {
      throw new BlobRefusedException("a name is not Unicode text");
    }
  }

  private static byte[] toArray(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
