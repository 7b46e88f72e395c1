package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.nio.file.Path;

/**
 * The files of an OCI image layout. None is read that a symbolic link puts outside of the folder;
 * links within it, as mounted ConfigMaps have them, are followed.
 */
final class LayoutFolder {
  private final Path folder;

  LayoutFolder(Path folder) {
    this.folder = folder;
  }

  Path blob(Digest digest) {
    return folder.resolve("blobs").resolve("sha256").resolve(digest.hex());
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Reads a small file. */
  Outcome<byte[]> read(Path file, long maxBytes, Deadline deadline) {
    var sink = new MemorySink();
    var whenLarger =
        new Failure(
            Reason.ModuleTooLarge, file + " is larger than the limit of " + maxBytes + " bytes");
    return copy(file, sink, maxBytes, whenLarger, deadline).map(size -> sink.content());
  }

  /** Copies a file; done with its size. */
  Outcome<Long> copy(
      Path file, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline) {
    return FileCopy.opened(
        file,
        () -> {
          var real = file.toRealPath();
          if (!real.startsWith(folder.toRealPath())) {
            return Outcome.failed(
                Reason.ModuleSourceForbidden,
                file + " is a symbolic link that leaves the layout; put the file itself there");
          }
          return FileCopy.of(file, real, sink, maxBytes, whenLarger, deadline);
        });
  }
}
