package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Modules on this machine, copied into the store so that later changes do not reach it. */
final class FileSource {
  private static final int PIECE_BYTES = 64 * 1024;

  private final ModuleStore store;
  private final FetchLimits limits;

  FileSource(ModuleStore store, FetchLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  Outcome<FetchedModule> fetch(
      ModuleReference.File reference, Optional<Digest> expected, Deadline deadline) {
    return store
        .receive(expected, reference.text(), sink -> copy(reference.path(), sink, deadline))
        .map(stored -> FetchedModule.of(reference, reference.text(), stored, Optional.empty()));
  }

  private Outcome<Long> copy(Path path, ByteSink sink, Deadline deadline) {
    // A pipe or device would block for ever.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return Outcome.failed(Reason.ModuleNotFound, path + " is not a regular file");
    }
    try (var file = FileChannel.open(path)) {
      return copy(path, file, sink, deadline);
    } catch (NoSuchFileException e) {
      return Outcome.failed(
          Reason.ModuleNotFound, path + " does not exist where Warder runs; check the path");
    } catch (AccessDeniedException e) {
      return Outcome.failed(
          Reason.ModuleSourceDenied, path + " is not readable for Warder; check its permissions");
    } catch (IOException e) {
      return HttpFailures.unreachable(path + " cannot be read: " + e, "check the disk");
    }
  }

  private Outcome<Long> copy(Path path, FileChannel file, ByteSink sink, Deadline deadline)
      throws IOException {
    var piece = ByteBuffer.allocate(PIECE_BYTES);
    var copied = 0L;
    while (file.read(piece.clear()) >= 0) {
      copied += piece.position();
      if (copied > limits.maxModuleBytes()) {
        return Outcome.failed(
            Reason.ModuleTooLarge,
            path + " is larger than the limit of " + limits.maxModuleBytes() + " bytes");
      }
      if (deadline.passed()) {
        return Outcome.failed(
            Reason.ModuleFetchTimeout,
            path + " was not copied within " + deadline.limit().toMillis() + " ms");
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
