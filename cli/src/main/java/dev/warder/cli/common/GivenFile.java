package dev.warder.cli.common;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names and that is read again when it changes. */
final class GivenFile {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private GivenFile() {}

  /**
   * Its content; fails with the reason if there is none.
   *
   * @param reason that a file without use has
   */
  static Outcome<byte[]> read(Path file, Reason reason) {
    try (var in = Files.newInputStream(file)) {
      var content = in.readNBytes(MAX_BYTES + 1);
      return content.length <= MAX_BYTES
          ? Outcome.done(content)
          : Outcome.failed(
              reason,
              "The file %s is larger than %d bytes; correct it.".formatted(file, MAX_BYTES));
    } catch (IOException e) {
      return Outcome.failed(
          reason, "Cannot read the file %s (%s); check the path.".formatted(file, e));
    }
  }
}
