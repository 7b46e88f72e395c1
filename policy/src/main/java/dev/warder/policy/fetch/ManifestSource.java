package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Image;
import dev.warder.policy.fetch.ManifestDocument.Index;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Map;
import java.util.Optional;

/** Gets manifests of one repository, and believes none before its digest is computed. */
final class ManifestSource {
  private final RegistrySession session;
  private final long maxBytes;

  ManifestSource(RegistrySession session, long maxBytes) {
    this.session = session;
    this.maxBytes = maxBytes;
  }

  /** A manifest as it came, with its true digest. */
  record Manifest(Digest digest, ManifestDocument document, String origin) {}

  /** The manifest that a reference names, by its digest if it has one. */
  Outcome<Manifest> named(ModuleReference.Registry reference) {
    return reference
        .digest()
        .map(this::byDigest)
        .orElseGet(() -> get(reference.tag().orElse("latest"), Optional.empty()));
  }

  /** The manifest itself, or the one that an index leads to. An index of indexes is refused. */
  Outcome<Image> image(Manifest manifest) {
    return switch (manifest.document()) {
      case Image image -> Outcome.done(image);
      case Index index ->
          index
              .choose(manifest.origin())
              .then(choice -> byDigest(choice.digest()))
              .then(this::leaf);
    };
  }

  private Outcome<Image> leaf(Manifest manifest) {
    return manifest.document() instanceof Image image
        ? Outcome.done(image)
        : ManifestDocument.invalid(manifest.origin() + " is an index inside an index");
  }

  private Outcome<Manifest> byDigest(Digest digest) {
    return get(digest.toString(), Optional.of(digest));
  }

  private Outcome<Manifest> get(String name, Optional<Digest> expected) {
    var content = new MemorySink();
    var address = session.address("manifests/" + name);
    var get = HttpGet.of(address, Map.of("accept", ManifestParser.ACCEPTED), content, maxBytes);
    return session
        .get(get)
        .then(reply -> checked(content.content(), reply, expected, HttpText.of(address)));
  }

  private static Outcome<Manifest> checked(
      byte[] content, HttpReply reply, Optional<Digest> expected, String origin) {
    var digest = Digest.of(content);
    if (expected.isPresent() && !expected.get().equals(digest)) {
      return mismatch(origin, digest, "instead of " + expected.get());
    }
    var announced = reply.headers().firstValue("docker-content-digest").orElse(digest.toString());
    if (Digest.parse(announced).isEmpty()) {
      return ManifestDocument.invalid(
          origin + " was announced with the unusable digest \"" + announced + "\"");
    }
    if (!announced.equals(digest.toString())) {
      return mismatch(origin, digest, "but was announced with " + announced);
    }
    var contentType = reply.headers().firstValue("content-type").orElse("");
    return ManifestParser.parse(content, contentType, origin)
        .map(document -> new Manifest(digest, document, origin));
  }

  private static <T> Outcome<T> mismatch(String origin, Digest digest, String against) {
    return Outcome.failed(
        Reason.ModuleDigestMismatch,
        "manifest %s has the digest %s %s; compare it with the publisher's"
            .formatted(origin, digest, against));
  }
}
