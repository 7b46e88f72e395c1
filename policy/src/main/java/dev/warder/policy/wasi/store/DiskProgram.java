package dev.warder.policy.wasi.store;

import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;

/** A program in a file of the store. */
final class DiskProgram implements StoredProgram {
  private final ProgramIndex index;
  private final OpenFile file;
  private final Runnable whenDamaged;
  private final Cleaner.Cleanable closing;

  /**
   * @param whenClosed must not hold on to this object
   */
  DiskProgram(
      ProgramIndex index,
      RandomAccessFile file,
      Cleaner cleaner,
      Runnable whenDamaged,
      Runnable whenClosed) {
    this.index = index;
    this.file = new OpenFile(file, whenClosed);
    this.whenDamaged = whenDamaged;
    this.closing = cleaner.register(this, this.file);
  }

  @Override
  public Digest module() {
    return index.module();
  }

  @Override
  public List<String> names() {
    return index.names();
  }

  @Override
  public boolean has(String name) {
    return index.find(name).isPresent();
  }

  @Override
  public Optional<byte[]> read(String name) throws ProgramDamagedException {
    var found = index.find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(found.get()));
    } catch (IOException e) {
      throw damaged(name, "cannot be read: " + e);
    } finally {
      // Else the file might be closed while it is read for the last time.
      Reference.reachabilityFence(this);
    }
  }

  private byte[] read(int blob) throws IOException, ProgramDamagedException {
    var entry = index.entry(blob);
    var stored = file.read(entry.offset(), entry.stored());
    if (!index.hasHash(blob, stored)) {
      throw damaged(index.names().get(blob), "is not what was stored");
    }
    return BlobCodec.decode(stored, entry.length())
        .orElseThrow(() -> damaged(index.names().get(blob), "cannot be unpacked"));
  }

  private ProgramDamagedException damaged(String name, String how) {
    whenDamaged.run();
    return new ProgramDamagedException(
        "the stored program of %s is damaged, its part %s %s".formatted(module(), name, how));
  }

  @Override
  public void close() {
    closing.clean();
  }

  /**
   * The file, shared by readers. Not a {@code FileChannel}: classes are loaded on threads that are
   * interrupted at their deadline, and that would close it for everybody.
   */
  private static final class OpenFile implements Runnable {
    private final RandomAccessFile file;
    private final Runnable whenClosed;
    private boolean closed;

    OpenFile(RandomAccessFile file, Runnable whenClosed) {
      this.file = file;
      this.whenClosed = whenClosed;
    }

    synchronized byte[] read(long offset, int length) throws IOException {
      if (closed) {
        throw new IllegalStateException("the program was closed");
      }
      var bytes = new byte[length];
      file.seek(offset);
      file.readFully(bytes);
      return bytes;
    }

    @Override
    public synchronized void run() {
      closed = true;
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        whenClosed.run();
      }
    }
  }
}
