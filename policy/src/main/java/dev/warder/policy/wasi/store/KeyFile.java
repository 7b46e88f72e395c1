package dev.warder.policy.wasi.store;

import com.sun.security.auth.module.UnixSystem;
import dev.warder.policy.fetch.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.UUID;

/** A secret of fixed length in a file of mode 0600 that belongs to this user. */
final class KeyFile {
  private static final String MODE = "rw-------";

  private final Path file;
  private final int length;

  KeyFile(Path file, int length) {
    this.file = file.toAbsolutePath();
    this.length = length;
  }

  /** What the file holds; it is created with random bytes when it is missing. */
  byte[] readOrCreate() throws IOException {
    try {
      return read();
    } catch (NoSuchFileException e) {
      create();
      return read();
    }
  }

  private byte[] read() throws IOException {
    var attributes =
        Files.readAttributes(file, "unix:isRegularFile,uid,mode", LinkOption.NOFOLLOW_LINKS);
    if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
      throw new IOException("it is not a regular file");
    }
    long user = new UnixSystem().getUid();
    if (!(attributes.get("uid") instanceof Integer owner) || owner != user) {
      throw new IOException(
          "it belongs to user %s and not to this user, %d".formatted(attributes.get("uid"), user));
    }
    var mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    if (!mode.equals(MODE)) {
      throw new IOException("its mode is " + mode + " instead of " + MODE + ": chmod 600 it");
    }
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = in.readNBytes(length + 1);
      if (bytes.length != length) {
        throw new IOException(
            "it does not hold %d bytes: delete it, and a new one is made".formatted(length));
      }
      return bytes;
    }
  }

  /** Several processes may do this at once: the first link wins, and all read what it names. */
  private void create() throws IOException {
    var bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    PrivateFiles.createFolder(file.resolveSibling(".").normalize());
    var draft = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
    Files.createFile(draft, PrivateFiles.mode());
    try {
      try (var out = new RandomAccessFile(draft.toFile(), "rw")) {
        out.write(bytes);
        out.getFD().sync();
      }
      Files.createLink(file, draft);
      PrivateFiles.syncFolderOf(file);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster.
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
