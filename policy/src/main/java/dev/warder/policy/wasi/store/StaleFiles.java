package dev.warder.policy.wasi.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Temporary files of writers, and what is left of those that were killed. */
final class StaleFiles {
  private static final String PREFIX = ".incoming-";

  /** A writer that lives writes more often. */
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private StaleFiles() {}

  static String newName() {
    return ownPrefix() + UUID.randomUUID();
  }

  /** Removes the files of writers that are gone, and those that nobody wrote to for an hour. */
  static void clear(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (var file : files) {
        try {
          if (isOld(file) || isAbandoned(file)) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // Its writer was done with it.
        }
      }
    }
  }

  private static boolean isOld(Path file) throws IOException {
    var written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    return written.isBefore(Instant.now().minus(LONGEST_PAUSE));
  }

  /**
   * Whoever is still writing a file holds its lock; the kernel frees it when that process dies. It
   * also frees it when a process closes any descriptor of a file that it has locked itself, so this
   * process's own files are not asked.
   */
  private static boolean isAbandoned(Path file) throws IOException {
    if (file.getFileName().toString().startsWith(ownPrefix())
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        var lock = channel.tryLock()) {
      return lock != null;
    }
  }

  /** In containers two processes may have the same number: their files then have to grow old. */
  private static String ownPrefix() {
    return PREFIX + ProcessHandle.current().pid() + "-";
  }
}
