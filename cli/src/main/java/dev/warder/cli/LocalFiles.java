package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that a command line names. */
final class LocalFiles {
  private LocalFiles() {}

  static byte[] read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailedException("cannot read the file " + file);
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandFailedException("cannot read the file " + file + ": " + e, e);
    }
  }

  static String text(Path file) {
    return new String(read(file), StandardCharsets.UTF_8);
  }

  /** Whole or not at all, as the output may be the input. */
  static void write(Path file, byte[] content) throws IOException {
    var target = file.toAbsolutePath();
    checkWritable(file);
    var part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      Files.write(part, content);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw new CommandFailedException("cannot write the file " + file + ": " + e, e);
    }
  }

  /** For those who would find out only after long work. */
  static void checkWritable(Path file) {
    var target = file.toAbsolutePath();
    if (Files.isDirectory(target) || !Files.isDirectory(target.resolveSibling("."))) {
      throw new CommandFailedException("cannot write the file " + file);
    }
  }
}
