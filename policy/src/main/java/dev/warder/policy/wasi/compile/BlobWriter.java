package dev.warder.policy.wasi.compile;

import dev.warder.policy.wasi.store.BlobSink;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends the blobs of one program to the parent. */
final class BlobWriter implements BlobSink {
  private static final int MAX_NAME_BYTES = 0xffff;

  private final DataOutputStream out;
  private int blobs;
  private long total;

  BlobWriter(DataOutputStream out) {
    this.out = out;
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    var length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a part's name has " + length + " bytes");
    }
    out.writeByte(Protocol.BLOB);
    Frames.writeText(out, name, MAX_NAME_BYTES);
    out.writeInt(content.length);
    out.write(content);
    blobs++;
    total += content.length;
  }

  void end() throws IOException {
    out.writeByte(Protocol.DONE);
    out.writeInt(blobs);
    out.writeLong(total);
  }
}
