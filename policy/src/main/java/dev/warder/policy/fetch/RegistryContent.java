package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A repository of a registry, by the OCI distribution protocol. */
final class RegistryContent implements OciContent {
  private final Mirrors.Place place;
  private final Supplier<RegistrySession> opener;
  private final long maxManifestBytes;
  private @Nullable RegistrySession session;

  /**
   * @param opener is called once, when something is asked for
   */
  RegistryContent(Mirrors.Place place, Supplier<RegistrySession> opener, long maxManifestBytes) {
    this.place = place;
    this.opener = opener;
    this.maxManifestBytes = maxManifestBytes;
  }

  private synchronized RegistrySession session() {
    var open = session;
    if (open == null) {
      open = opener.get();
      session = open;
    }
    return open;
  }

  @Override
  public String name() {
    return place.toString();
  }

  @Override
  public Outcome<RawManifest> tagged(String tag, Deadline deadline) {
    return get("manifests/" + tag, Optional.empty(), deadline);
  }

  @Override
  public Outcome<RawManifest> manifest(Digest digest, Deadline deadline) {
    return get("manifests/" + digest, Optional.of(digest), deadline);
  }

  @Override
  public Outcome<RawManifest> referrers(Digest subject, Deadline deadline) {
    return new ReferrerPages(session(), subject, maxManifestBytes, deadline)
        .read()
        .then(
            index ->
                index
                    .map(Outcome::done)
                    .orElseGet(() -> tagged("sha256-" + subject.hex(), deadline)));
  }

  @Override
  public Outcome<Long> blob(
      Digest digest, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline) {
    var call = HttpCall.getFixed(session().address("blobs/" + digest), sink, maxBytes, whenLarger);
    return session().get(call, deadline).map(HttpReply::size);
  }

  @Override
  public String blobName(Digest digest) {
    return HttpText.of(session().address("blobs/" + digest));
  }

  private Outcome<RawManifest> get(String path, Optional<Digest> expected, Deadline deadline) {
    var content = new MemorySink();
    var address = session().address(path);
    var call =
        HttpCall.get(address, Map.of("accept", ManifestParser.ACCEPTED), content, maxManifestBytes);
    return session()
        .get(call, deadline)
        .then(
            reply -> {
              var manifest =
                  new RawManifest(
                      content.content(), reply.header("content-type"), HttpText.of(address));
              return checked(manifest, reply, expected);
            });
  }

  private static Outcome<RawManifest> checked(
      RawManifest manifest, HttpReply reply, Optional<Digest> expected) {
    var digest = manifest.digest();
    if (expected.isPresent() && !expected.get().equals(digest)) {
      return mismatch(manifest, "instead of " + expected.get());
    }
    var announced = reply.headers().firstValue("docker-content-digest").orElse(digest.toString());
    if (Digest.parse(announced).isEmpty()) {
      return ManifestDocument.invalid(
          manifest.origin() + " was announced with the unusable digest \"" + announced + "\"");
    }
    return announced.equals(digest.toString())
        ? Outcome.done(manifest)
        : mismatch(manifest, "but was announced with " + announced);
  }

  static <T> Outcome<T> mismatch(RawManifest manifest, String against) {
    return Outcome.failed(
        Reason.ModuleDigestMismatch,
        "manifest %s has the digest %s %s; compare it with the publisher's"
            .formatted(manifest.origin(), manifest.digest(), against));
  }
}
