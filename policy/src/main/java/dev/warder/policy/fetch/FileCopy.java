package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Copies files of this machine, within limits. */
final class FileCopy {
  private static final int PIECE_BYTES = 64 * 1024;

  private FileCopy() {}

  /** Something that reads a file. */
  interface Reader {
    Outcome<Long> read() throws IOException;
  }

  /** Says what it means when a file cannot be read. */
  static Outcome<Long> opened(Path name, Reader reader) {
    try {
      return reader.read();
    } catch (NoSuchFileException e) {
      return Outcome.failed(
          Reason.ModuleNotFound, name + " does not exist where Warder runs; check the path");
    } catch (AccessDeniedException e) {
      return Outcome.failed(
          Reason.ModuleSourceDenied, name + " is not readable for Warder; check its permissions");
    } catch (IOException e) {
      return HttpFailures.unreachable(name + " cannot be read: " + e, "check the disk");
    }
  }

  /**
   * Copies a file into a sink; done with its size.
   *
   * @param name what messages call it
   */
  static Outcome<Long> of(
      Path name, Path path, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline)
      throws IOException {
    // A pipe or device would block for ever.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return Outcome.failed(Reason.ModuleNotFound, name + " is not a regular file");
    }
    try (var file = FileChannel.open(path)) {
      sink.expect(file.size());
      var piece = ByteBuffer.allocate(PIECE_BYTES);
      var copied = 0L;
      while (file.read(piece.clear()) >= 0) {
        copied += piece.position();
        if (copied > maxBytes) {
          return new Outcome.Failed<>(whenLarger);
        }
        if (deadline.passed()) {
          return Outcome.failed(
              Reason.ModuleFetchTimeout,
              name + " was not copied within " + deadline.limit().toMillis() + " ms");
        }
        try {
          sink.write(piece.flip());
        } catch (IOException e) {
          return ModuleStore.failed(e);
        }
      }
      return Outcome.done(copied);
    }
  }
}
