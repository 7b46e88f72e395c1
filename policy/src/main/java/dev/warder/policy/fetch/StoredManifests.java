package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Manifests that the store has, and what they prove without the source. */
final class StoredManifests {
  private static final Logger LOG = LoggerFactory.getLogger(StoredManifests.class);

  private StoredManifests() {}

  static Optional<RawManifest> find(ModuleStore store, Digest digest, FetchLimits limits) {
    var stored = store.find(digest).filter(found -> found.size() <= limits.maxManifestBytes());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    try {
      var bytes = Files.readAllBytes(stored.get().file());
      return Optional.of(new RawManifest(bytes, "", "stored manifest " + digest))
          .filter(manifest -> manifest.digest().equals(digest));
    } catch (IOException e) {
      LOG.warn("Stored manifest {} cannot be read: {}", stored.get().file(), e.toString());
      return Optional.empty();
    }
  }

  /**
   * The module that a manifest leads to, if the store has all of the way; fails when it leads to
   * another one than expected.
   */
  static Outcome<Optional<FoundModule>> prove(
      ModuleStore store, Digest manifest, Digest module, FetchLimits limits) {
    var way = new HashSet<>(Set.of(manifest));
    var chain =
        new ManifestChain(
            digest -> {
              way.add(digest);
              return find(store, digest, limits)
                  .map(Outcome::done)
                  .orElseGet(
                      () -> Outcome.failed(Reason.ModuleNotFound, digest + " is not stored"));
            });
    var top = find(store, manifest, limits);
    if (top.isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    return switch (chain.module(top.get())) {
      case Outcome.Done<Descriptor>(var layer) when !layer.digest().equals(module) ->
          Outcome.failed(
              Reason.ModuleDigestMismatch,
              "manifest %s leads to the module %s instead of %s; compare it with the publisher's"
                  .formatted(manifest, layer.digest(), module));
      case Outcome.Done<Descriptor> layer ->
          Outcome.done(
              store.find(module).map(stored -> new FoundModule(manifest, stored, Set.copyOf(way))));
      case Outcome.Failed<Descriptor>(var failure) when failure.reason() == Reason.ModuleNotFound ->
          Outcome.done(Optional.empty());
      case Outcome.Failed<Descriptor>(var failure) -> new Outcome.Failed<>(failure);
    };
  }
}
