package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.UUID;

/**
 * A module on its way into the store: a locked temporary file beside its place, hashed while it is
 * written. Closing it removes what was not moved.
 */
final class IncomingModule implements ByteSink, AutoCloseable {
  static final String PREFIX = ".incoming-";

  private final Path file;
  private final FileChannel channel;
  private final MessageDigest hash = Digest.sha256();
  private long size;

  IncomingModule(Path folder) throws IOException {
    file = folder.resolve(PREFIX + UUID.randomUUID());
    channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PrivateFiles.mode());
    // Released with the channel; tells a second process that the file is not stale.
    channel.lock();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    hash.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      size += channel.write(bytes);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void restart() throws IOException {
    channel.truncate(0);
    hash.reset();
    size = 0;
  }

  /** The digest of all bytes; nothing may be written after it is asked for. */
  Digest digest() {
    return Digest.ofHash(hash.digest());
  }

  void moveTo(Path place) throws IOException {
    channel.force(true);
    PrivateFiles.publish(file, place);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
