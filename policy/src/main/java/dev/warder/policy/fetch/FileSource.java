package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.nio.file.Path;
import java.util.Optional;

/** Modules on this machine, copied into the store so that later changes do not reach it. */
final class FileSource {
  private final ModuleStore store;
  private final FetchLimits limits;

  FileSource(ModuleStore store, FetchLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  Outcome<StoredModule> fetch(
      ModuleReference.File reference, Optional<Digest> expected, Deadline deadline) {
    return store.receive(
        expected, reference.text(), sink -> copy(reference.path(), sink, deadline));
  }

  private Outcome<Long> copy(Path path, ByteSink sink, Deadline deadline) {
    return FileCopy.opened(
        path,
        () -> FileCopy.of(path, path, sink, limits.maxModuleBytes(), tooLarge(path), deadline));
  }

  private Failure tooLarge(Path path) {
    return new Failure(
        Reason.ModuleTooLarge,
        path + " is larger than the limit of " + limits.maxModuleBytes() + " bytes");
  }
}
