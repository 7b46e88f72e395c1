package dev.warder.policy.wasi;

import dev.warder.policy.wasi.store.BlobSink;
import java.util.HashMap;
import java.util.Map;

/** The parts of a program in memory. */
final class HeldParts implements BlobSource, BlobSink {
  private final Map<String, byte[]> parts = new HashMap<>();

  @Override
  public void put(String name, byte[] content) {
    parts.put(name, content);
  }

  @Override
  public byte[] read(String name) {
    var part = parts.get(name);
    if (part == null) {
      throw new IllegalStateException("a compiled program has no part " + name);
    }
    return part;
  }
}
