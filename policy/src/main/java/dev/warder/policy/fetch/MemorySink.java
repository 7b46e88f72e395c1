package dev.warder.policy.fetch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Keeps a small body in memory. */
final class MemorySink implements ByteSink {
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  @Override
  public void write(ByteBuffer bytes) {
    var piece = new byte[bytes.remaining()];
    bytes.get(piece);
    content.writeBytes(piece);
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public void restart() {
    content.reset();
  }

  byte[] content() {
    return content.toByteArray();
  }
}
