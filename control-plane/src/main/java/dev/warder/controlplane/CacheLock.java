package dev.warder.controlplane;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets one thread of one process make a thing while all others, in this and in other processes,
 * wait for it.
 */
final class CacheLock implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(45);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final FileChannel channel;
  private final FileLock lock;

  private CacheLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Waits until the lock file is ours. The file stays behind when the lock is given back: removing
   * it would let two processes hold locks on two files of the same name.
   *
   * @throws ControlPlaneException after 45 minutes
   */
  static CacheLock acquire(Path file, Progress progress) throws IOException, InterruptedException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      Stopwatch waited = Stopwatch.start();
      Reminder reminder = new Reminder(progress);
      while (true) {
        Optional<FileLock> lock = tryLock(channel);
        if (lock.isPresent()) {
          return new CacheLock(channel, lock.get());
        }
        if (waited.isOver(LIMIT)) {
          throw new ControlPlaneException(
              "another process has held " + file + " for " + waited + ": end it and try again");
        }
        reminder.tell("waiting for another process that holds " + file);
        Thread.sleep(PAUSE);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException heldByThisProcess) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
