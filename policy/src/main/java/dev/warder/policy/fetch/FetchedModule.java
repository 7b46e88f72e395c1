package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A module whose bytes are in the store.
 *
 * @param reference where it came from
 * @param immutableReference the reference with everything movable resolved: for a registry or a
 *     layout the manifest's digest is part of it
 * @param digest SHA-256 of the module's bytes
 * @param size in bytes
 * @param file where the store keeps them
 * @param manifest the manifest or index that the reference was resolved to; only present when its
 *     bytes, which are in the store, lead to this very module
 */
public record FetchedModule(
    ModuleReference reference,
    String immutableReference,
    Digest digest,
    long size,
    Path file,
    Optional<Digest> manifest) {
  /** One without manifests, such as a file. */
  static FetchedModule of(
      ModuleReference reference, String immutableReference, StoredModule stored) {
    return new FetchedModule(
        reference,
        immutableReference,
        stored.digest(),
        stored.size(),
        stored.file(),
        Optional.empty());
  }

  static FetchedModule of(ModuleReference reference, String immutableReference, FoundModule found) {
    var stored = found.module();
    return new FetchedModule(
        reference,
        immutableReference,
        stored.digest(),
        stored.size(),
        stored.file(),
        Optional.of(found.manifest()));
  }
}
