package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.fetch.ManifestDocument.Image;
import dev.warder.policy.fetch.ManifestDocument.Index;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.util.function.Function;

/** Follows manifests from the one that a reference names to the module. */
final class ManifestChain {
  private final Function<Digest, Outcome<RawManifest>> manifests;

  /**
   * @param manifests gives the manifest that has a digest
   */
  ManifestChain(Function<Digest, Outcome<RawManifest>> manifests) {
    this.manifests = manifests;
  }

  /** The module's blob. An index may lead to a manifest, but not to another index. */
  Outcome<Descriptor> module(RawManifest top) {
    return document(top)
        .then(
            document ->
                switch (document) {
                  case Image image -> image.module(top.origin());
                  case Index index ->
                      index
                          .choose(top.origin())
                          .then(choice -> manifests.apply(choice.digest()))
                          .then(ManifestChain::leaf);
                });
  }

  private static Outcome<Descriptor> leaf(RawManifest manifest) {
    return document(manifest)
        .then(
            document ->
                document instanceof Image image
                    ? image.module(manifest.origin())
                    : ManifestDocument.invalid(manifest.origin() + " is an index inside an index"));
  }

  private static Outcome<ManifestDocument> document(RawManifest manifest) {
    return ManifestParser.parse(manifest.bytes(), manifest.contentType(), manifest.origin());
  }
}
