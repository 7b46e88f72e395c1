package dev.warder.policy.wasi.compile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads a process's standard error to its end and remembers the last of it. */
final class StderrTail {
  private static final int BYTES = 8 * 1024;
  private static final int LINES = 20;

  private final byte[] ring = new byte[BYTES];
  private final Thread reader;
  private long written;

  StderrTail(InputStream stderr) {
    reader = Thread.ofPlatform().daemon().name("warder-compiler-stderr").start(() -> drain(stderr));
  }

  /** The last 20 lines that fit into 8 KiB. */
  synchronized List<String> lines() {
    var length = (int) Math.min(written, BYTES);
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % BYTES)];
    }
    var lines =
        new String(bytes, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }

  /** Waits until all was read, for a process that has ended. */
  void join() throws InterruptedException {
    reader.join(1000);
  }

  private void drain(InputStream stderr) {
    var buffer = new byte[BYTES];
    try (stderr) {
      for (int n = stderr.read(buffer); n >= 0; n = stderr.read(buffer)) {
        append(buffer, n);
      }
    } catch (IOException e) {
      // The process was killed; what it said before is all there is.
    }
  }

  private synchronized void append(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (written++ % BYTES)] = bytes[i];
    }
  }
}
