package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.nio.charset.StandardCharsets;

/** A repository in a folder, in the OCI image layout. */
final class LayoutContent implements OciContent {
  private final ModuleReference.Layout reference;
  private final LayoutFolder folder;
  private final long maxManifestBytes;

  LayoutContent(ModuleReference.Layout reference, long maxManifestBytes) {
    this.reference = reference;
    this.folder = new LayoutFolder(reference.folder());
    this.maxManifestBytes = maxManifestBytes;
  }

  @Override
  public String name() {
    return "oci-layout:" + reference.folder();
  }

  /** The manifest that the reference names: by digest, by tag, or as the only module. */
  Outcome<RawManifest> named(Deadline deadline) {
    return reference
        .digest()
        .map(digest -> manifest(digest, deadline))
        .or(() -> reference.tag().map(tag -> tagged(tag, deadline)))
        .orElseGet(
            () ->
                index(deadline)
                    .then(
                        index ->
                            index.only(
                                entry -> !entry.isCompanion() && !hasSubject(entry, deadline),
                                "modules",
                                name()))
                    .then(found -> manifest(found, deadline)));
  }

  private boolean hasSubject(LayoutIndex.Entry entry, Deadline deadline) {
    return manifest(entry.manifest(), deadline).then(ManifestLinks::of)
            instanceof Outcome.Done<ManifestLinks>(var links)
        && links.subject().isPresent();
  }

  @Override
  public Outcome<RawManifest> tagged(String tag, Deadline deadline) {
    return index(deadline)
        .then(
            index ->
                index.only(
                    entry -> entry.tag().filter(tag::equals).isPresent(),
                    "manifest " + tag,
                    name()))
        .then(found -> manifest(found, deadline));
  }

  @Override
  public Outcome<RawManifest> manifest(Digest digest, Deadline deadline) {
    return manifest(digest, "", deadline);
  }

  private Outcome<RawManifest> manifest(Descriptor found, Deadline deadline) {
    return manifest(found.digest(), found.mediaType(), deadline);
  }

  private Outcome<RawManifest> manifest(Digest digest, String type, Deadline deadline) {
    var file = folder.blob(digest);
    return folder
        .read(file, maxManifestBytes, deadline)
        .map(bytes -> new RawManifest(bytes, type, file.toString()))
        .then(
            manifest ->
                manifest.digest().equals(digest)
                    ? Outcome.done(manifest)
                    : RegistryContent.mismatch(manifest, "instead of " + digest));
  }

  /** Made from the manifests of the layout that name the subject. */
  @Override
  public Outcome<RawManifest> referrers(Digest subject, Deadline deadline) {
    return index(deadline)
        .then(
            index -> {
              var found = JsonNodeFactory.instance.arrayNode();
              for (var entry : index.entries()) {
                switch (manifest(entry.manifest(), deadline)) {
                  case Outcome.Done<RawManifest>(var manifest) ->
                      addIfReferrer(found, entry.manifest(), manifest, subject);
                  case Outcome.Failed<RawManifest>(var failure)
                      when failure.reason() != Reason.ModuleNotFound -> {
                    return new Outcome.Failed<>(failure);
                  }
                  case Outcome.Failed<RawManifest> missing -> {
                    // A layout may leave out what its index names.
                  }
                }
              }
              return found.isEmpty()
                  ? tagged("sha256-" + subject.hex(), deadline)
                  : Outcome.done(indexOf(found));
            });
  }

  private static void addIfReferrer(
      ArrayNode found, Descriptor entry, RawManifest manifest, Digest subject) {
    if (!(ManifestLinks.of(manifest) instanceof Outcome.Done<ManifestLinks>(var links))
        || !links.subject().filter(subject::equals).isPresent()) {
      return;
    }
    found
        .addObject()
        .put("mediaType", entry.mediaType())
        .put("digest", manifest.digest().toString())
        .put("size", manifest.bytes().length)
        .put("artifactType", links.artifactType());
  }

  private RawManifest indexOf(ArrayNode manifests) {
    var index =
        JsonNodeFactory.instance
            .objectNode()
            .put("schemaVersion", 2)
            .put("mediaType", ManifestParser.INDEX_TYPE);
    index.set("manifests", manifests);
    return new RawManifest(
        index.toString().getBytes(StandardCharsets.UTF_8),
        ManifestParser.INDEX_TYPE,
        "the referrers in " + name());
  }

  private Outcome<LayoutIndex> index(Deadline deadline) {
    var file = folder.file("index.json");
    return folder
        .read(file, maxManifestBytes, deadline)
        .then(bytes -> LayoutIndex.parse(bytes, file.toString()));
  }

  @Override
  public Outcome<Long> blob(
      Digest digest, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline) {
    return folder.copy(folder.blob(digest), sink, maxBytes, whenLarger, deadline);
  }

  @Override
  public String blobName(Digest digest) {
    return folder.blob(digest).toString();
  }
}
