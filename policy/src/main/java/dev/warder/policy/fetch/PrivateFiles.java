package dev.warder.policy.fetch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that nobody but this user reads or writes, and that appear at their place only whole. */
public final class PrivateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

  private PrivateFiles() {}

  /** Creates a folder of mode 0700, and those above it, where they are missing. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Mode 0600, for the creation of a file. */
  public static FileAttribute<Set<PosixFilePermission>> mode() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  }

  /** Writes a file whole, over what may be there; nothing else remains if that fails. */
  public static void replace(Path place, byte[] content) throws IOException {
    var part = place.resolveSibling("." + UUID.randomUUID());
    try {
      Files.createFile(part, mode());
      Files.write(part, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      publish(part, place);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Renames a synced file in its folder, over what may be there, and syncs the folder. */
  public static void publish(Path file, Path place) throws IOException {
    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    syncFolderOf(place);
  }

  /** Sees to it that a name that was given to a file outlives a crash of the machine. */
  public static void syncFolderOf(Path place) throws IOException {
    try (var folder = FileChannel.open(place.resolveSibling("."), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (ClosedByInterruptException e) {
      // The file is at its place; only a crash of the machine could still take the name away.
      LOG.debug("Interrupted before the folder of {} was synced", place);
    }
  }
}
