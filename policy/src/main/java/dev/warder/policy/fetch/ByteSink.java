package dev.warder.policy.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes as they arrive. */
interface ByteSink {
  /** Says how many bytes it will have if all goes well. */
  default void expect(long bytes) {}

  void write(ByteBuffer bytes) throws IOException;

  /** How many bytes it has. */
  long size();

  /** Forgets all bytes. */
  void restart() throws IOException;
}
