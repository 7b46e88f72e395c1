package dev.warder.policy.wasi.store;

import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A program in the heap. */
final class MemoryProgram implements StoredProgram {
  private final Digest module;
  private final SortedMap<byte[], Blob> blobs;

  private MemoryProgram(Digest module, SortedMap<byte[], Blob> blobs) {
    this.module = module;
    this.blobs = blobs;
  }

  private static final class Blob {
    private final byte[] stored;
    private final int length;

    Blob(byte[] stored, int length) {
      this.stored = stored;
      this.length = length;
    }
  }

  @Override
  public Digest module() {
    return module;
  }

  @Override
  public List<String> names() {
    return blobs.keySet().stream().map(name -> new String(name, StandardCharsets.UTF_8)).toList();
  }

  @Override
  public boolean has(String name) {
    return blobs.containsKey(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<byte[]> read(String name) {
    var blob = blobs.get(name.getBytes(StandardCharsets.UTF_8));
    return blob == null ? Optional.empty() : BlobCodec.decode(blob.stored, blob.length);
  }

  /** The heap is freed with the last reference. */
  @Override
  public void close() {}

  /** Collects the blobs of a program. */
  static final class Builder implements BlobSink, AutoCloseable {
    private final BlobGate gate;
    private final BlobCodec codec = new BlobCodec();
    private final TreeMap<byte[], Blob> blobs = new TreeMap<>(Arrays::compareUnsigned);

    Builder(ProgramLimits limits) {
      gate = new BlobGate(limits);
    }

    @Override
    public void put(String name, byte[] content) throws BlobRefusedException {
      var key = gate.admit(name, content.length);
      var blob = new Blob(codec.encode(content), content.length);
      if (blobs.putIfAbsent(key, blob) != null) {
        throw new BlobRefusedException("it has two parts with the name " + name);
      }
    }

    MemoryProgram build(Digest module) {
      return new MemoryProgram(module, blobs);
    }

    @Override
    public void close() {
      codec.close();
    }
  }
}
