package dev.warder.policy.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A sink that tells how much it has. */
record WatchedSink(ByteSink sink, Transfer transfer) implements ByteSink {
  @Override
  public void expect(long bytes) {
    transfer.expect(bytes);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    sink.write(bytes);
    transfer.reached(sink.size());
  }

  @Override
  public long size() {
    return sink.size();
  }

  @Override
  public void restart() throws IOException {
    sink.restart();
  }
}
