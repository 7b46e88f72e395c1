package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Copies an artifact byte by byte, with the signatures and other manifests that belong to it. */
final class OciCopy {
  private static final int MAX_MANIFESTS = 1000;
  private static final List<String> COMPANIONS = List.of(".sig", ".att", ".sbom");

  private final Repository from;
  private final OciTarget to;
  private final FetchLimits limits;
  private final Set<Digest> manifests = new HashSet<>();
  private final Set<Digest> blobs = new HashSet<>();

  OciCopy(Repository from, OciTarget to, FetchLimits limits) {
    this.from = from;
    this.to = to;
    this.limits = limits;
  }

  /** Copies a manifest and all that it leads to, and what belongs to any of these. */
  Outcome<Digest> copy(Digest digest, Optional<String> tag) {
    return read(digest).then(manifest -> copy(manifest, tag, true));
  }

  private Outcome<Digest> copy(RawManifest manifest, Optional<String> tag, boolean companions) {
    if (!manifests.add(manifest.digest()) && tag.isEmpty()) {
      return Outcome.done(manifest.digest());
    }
    if (manifests.size() > MAX_MANIFESTS) {
      return ManifestDocument.invalid(
          from.name() + " has more than " + MAX_MANIFESTS + " manifests for one module");
    }
    return ManifestLinks.of(manifest)
        .then(
            links ->
                each(links.manifests(), manifest.digest(), link -> copyLinked(link, companions))
                    .then(done -> each(links.blobs(), manifest.digest(), this::copyBlob))
                    .then(done -> to.put(manifest, links, tag)))
        .then(done -> companions ? copyCompanions(manifest.digest()) : Outcome.done(done));
  }

  private Outcome<Digest> copyLinked(Descriptor link, boolean companions) {
    return read(link.digest()).then(manifest -> copy(manifest, Optional.empty(), companions));
  }

  /** Signatures by tag and by reference. What belongs to a signature is not looked for. */
  private Outcome<Digest> copyCompanions(Digest digest) {
    return each(COMPANIONS, digest, suffix -> copyTagged("sha256-" + digest.hex() + suffix, digest))
        .then(done -> from.referrers(digest))
        .then(
            index ->
                index.isEmpty()
                    ? Outcome.done(digest)
                    : ManifestLinks.of(index.get())
                        .then(
                            links ->
                                each(links.manifests(), digest, link -> copyLinked(link, false))))
        .map(done -> digest);
  }

  private Outcome<Digest> copyTagged(String tag, Digest digest) {
    return from.tagged(tag)
        .then(
            found ->
                found.isEmpty()
                    ? Outcome.done(digest)
                    : copy(found.get(), Optional.of(tag), false));
  }

  private Outcome<Digest> copyBlob(Descriptor link) {
    var digest = link.digest();
    if (!blobs.add(digest)) {
      return Outcome.done(digest);
    }
    return to.has(digest)
        .then(
            there ->
                there
                    ? Outcome.done(digest)
                    : from.blob(digest, limits.maxModuleBytes())
                        .then(bytes -> to.put(digest, bytes)));
  }

  private Outcome<RawManifest> read(Digest digest) {
    return from.manifest(digest)
        .then(
            found ->
                found
                    .map(Outcome::done)
                    .orElseGet(
                        () ->
                            Outcome.failed(
                                Reason.ModuleNotFound,
                                from.name() + " has no manifest " + digest + "; copy it whole")));
  }

  private static <T> Outcome<Digest> each(
      List<T> all, Digest owner, Function<T, Outcome<Digest>> copy) {
    for (var one : all) {
      if (copy.apply(one) instanceof Outcome.Failed<Digest>(var failure)) {
        return new Outcome.Failed<>(failure);
      }
    }
    return Outcome.done(owner);
  }
}
