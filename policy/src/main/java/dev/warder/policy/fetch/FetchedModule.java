package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.nio.file.Path;

/**
 * A module whose bytes are in the store.
 *
 * @param reference where it came from
 * @param immutableReference the reference with everything movable resolved: for a registry the
 *     manifest's digest is part of it
 * @param digest SHA-256 of the module's bytes
 * @param size in bytes
 * @param file where the store keeps them
 */
public record FetchedModule(
    ModuleReference reference, String immutableReference, Digest digest, long size, Path file) {

  static FetchedModule of(
      ModuleReference reference, String immutableReference, StoredModule stored) {
    return new FetchedModule(
        reference, immutableReference, stored.digest(), stored.size(), stored.file());
  }
}
