package dev.warder.policy.wasi.store;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Deflates blobs where that makes them smaller. Close it: it holds memory outside of the heap. */
final class BlobCodec implements AutoCloseable {
  /** The fastest of nine: what is stored is read more often than it is moved. */
  private static final int LEVEL = 1;

  /** Below this many bytes nothing is gained. */
  private static final int SMALL = 64;

  private final Deflater deflater = new Deflater(LEVEL, true);

  /** The shorter form, a new array; as long as the content only if it is a copy of it. */
  byte[] encode(byte[] content) {
    if (content.length < SMALL) {
      return content.clone();
    }
    deflater.reset();
    deflater.setInput(content);
    deflater.finish();
    var room = new byte[content.length - 1];
    var length = deflater.deflate(room);
    return deflater.finished() ? Arrays.copyOf(room, length) : content.clone();
  }

  /** What was encoded, a new array; nothing if it is not such a form of so many bytes. */
  static Optional<byte[]> decode(byte[] stored, int length) {
    if (stored.length == length) {
      return Optional.of(stored.clone());
    }
    var inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      var content = new byte[length];
      var n = inflater.inflate(content);
      // An empty block may still follow the last byte.
      var whole = n == length && (inflater.finished() || inflater.inflate(new byte[1]) == 0);
      return whole && inflater.finished() ? Optional.of(content) : Optional.empty();
    } catch (DataFormatException e) {
      return Optional.empty();
    } finally {
      inflater.end();
    }
  }

  @Override
  public void close() {
    deflater.end();
  }
}
