package dev.warder.policy.wasi.store;

import dev.warder.policy.fetch.PrivateFiles;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program on its way into the store: a locked temporary file beside its place. Closing it removes
 * what was not published.
 *
 * <p>Not a {@code FileChannel}: an interrupt of a thread that uses one would close it for
 * everybody.
 */
final class IncomingProgram implements BlobSink, AutoCloseable {
  /** More than the index takes besides its entries. */
  private static final int HEAD_ROOM = 4096;

  private final Path place;
  private final RandomAccessFile file;
  private final @Nullable Object fileKey;
  private final BlobGate gate;
  private final BlobCodec codec = new BlobCodec();
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private long offset = ProgramFile.MAGIC.length;
  private long indexBytes;
  private boolean published;

  IncomingProgram(Path folder, ProgramLimits limits) throws IOException {
    gate = new BlobGate(limits);
    place = Files.createFile(folder.resolve(StaleFiles.newName()), PrivateFiles.mode());
    fileKey = Files.readAttributes(place, BasicFileAttributes.class).fileKey();
    file = new RandomAccessFile(place.toFile(), "rw");
    try {
      // Released with the file; tells other processes that this one is still writing.
      var lock = file.getChannel().tryLock();
      if (lock == null) {
        throw new IOException("another process locks the new file " + place);
      }
      file.write(ProgramFile.MAGIC);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    var key = gate.admit(name, content.length);
    var stored = codec.encode(content);
    var entry =
        ByteBuffer.allocate(ProgramIndex.ENTRY_BYTES - Short.BYTES)
            .putLong(offset)
            .putInt(stored.length)
            .putInt(content.length)
            .put(Digest.sha256().digest(stored));
    if (entries.putIfAbsent(key, entry.array()) != null) {
      throw new BlobRefusedException("it has two parts with the name " + name);
    }
    indexBytes += ProgramIndex.ENTRY_BYTES + key.length;
    if (indexBytes > ProgramFile.MAX_INDEX_BYTES - HEAD_ROOM) {
      throw new BlobRefusedException("the names of its parts are too long together");
    }
    file.write(stored);
    offset += stored.length;
  }

  /** Makes the program of all blobs appear at its place, and gives the open file away. */
  ProgramIndex publish(Path target, Digest module, String fingerprint, ProgramStoreKey key)
      throws IOException {
    var index = index(module, fingerprint);
    ProgramFile.writeEnd(file, key, index);
    file.getFD().sync();
    PrivateFiles.publish(place, target);
    try {
      var parsed = ProgramIndex.parse(index, ProgramFile.MAGIC.length, offset);
      published = true;
      return parsed;
    } catch (ProgramDamagedException e) {
      throw new IllegalStateException("an index was written that cannot be read", e);
    }
  }

  /** Which file it is, by whatever name. */
  @Nullable Object fileKey() {
    return fileKey;
  }

  RandomAccessFile file() {
    return file;
  }

  private byte[] index(Digest module, String fingerprint) {
    var print = fingerprint.getBytes(StandardCharsets.UTF_8);
    var head = 2 * Integer.BYTES + ProgramIndex.HASH_BYTES + Short.BYTES + print.length;
    var out =
        ByteBuffer.allocate(Math.toIntExact(head + indexBytes))
            .putInt(ProgramIndex.VERSION)
            .put(HexFormat.of().parseHex(module.hex()))
            .putShort((short) print.length)
            .put(print)
            .putInt(entries.size());
    entries.forEach((name, entry) -> out.putShort((short) name.length).put(name).put(entry));
    return out.array();
  }

  @Override
  public void close() throws IOException {
    codec.close();
    if (!published) {
      try {
        file.close();
      } finally {
        Files.deleteIfExists(place);
      }
    }
  }
}
