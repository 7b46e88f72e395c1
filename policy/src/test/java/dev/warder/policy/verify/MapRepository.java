package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.FaultyRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A repository in memory, to which signatures are pushed as cosign pushes them. */
final class MapRepository implements Repository {
  static final String NAME = "registry.test/policies/one";
  static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  private final Map<Digest, byte[]> content = new HashMap<>();
  private final Map<String, byte[]> tags = new HashMap<>();
  private final Map<Digest, List<String>> referrers = new HashMap<>();
  private final Map<Digest, List<String>> layers = new HashMap<>();
  private final Set<Object> broken = new HashSet<>();

  Digest push(byte[] bytes) {
    var digest = Digest.of(bytes);
    content.put(digest, bytes);
    return digest;
  }

  void tag(String name, byte[] manifest) {
    push(manifest);
    tags.put(name, manifest);
  }

  /** From now on the digest, tag or list of referrers cannot be read. */
  void fail(Object what) {
    broken.add(what);
  }

  static String tagOf(Digest manifest) {
    return "sha256-" + manifest.hex() + ".sig";
  }

  /** Pushes an image of one layer that any registry takes, under the tag {@code v1}. */
  Digest pushImage(byte[] layer) {
    push(CONFIG);
    var manifest =
        FaultyRegistry.imageManifest(
                FaultyRegistry.MODULE_LAYER, push(layer).toString(), layer.length)
            .getBytes(StandardCharsets.UTF_8);
    tag("v1", manifest);
    return Digest.of(manifest);
  }

  /** Attaches a signature as cosign does, with a manifest that any registry takes. */
  void attach(Signing signing) {
    var layer = push(signing.payload);
    var manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MANIFEST,
                Json.descriptor(
                    "application/vnd.oci.image.config.v1+json",
                    push(CONFIG),
                    CONFIG.length,
                    Map.of()),
                Json.descriptor(
                    SIMPLE_SIGNING, layer, signing.payload.length, signing.annotations()));
    tag(tagOf(signing.manifest), manifest.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a layer to the manifest of signatures. */
  Digest pushLayer(Digest manifest, byte[] payload, Map<String, String> annotations) {
    var digest = push(payload);
    var all = layers.computeIfAbsent(manifest, _ -> new ArrayList<>());
    all.add(Json.descriptor(SIMPLE_SIGNING, digest, payload.length, annotations));
    tag(tagOf(manifest), Json.manifest(all).getBytes(StandardCharsets.UTF_8));
    return digest;
  }

  /** Attaches a bundle. */
  Digest pushBundle(Digest manifest, byte[] bundle) {
    var layer = Json.descriptor(BUNDLE, push(bundle), bundle.length, Map.of());
    var digest = push(Json.manifest(List.of(layer)).getBytes(StandardCharsets.UTF_8));
    refer(manifest, digest, BUNDLE, Map.of());
    return digest;
  }

  void refer(Digest manifest, Digest referrer, String type, Map<String, String> annotations) {
    referrers
        .computeIfAbsent(manifest, _ -> new ArrayList<>())
        .add(
            Json.write(
                Map.of(
                    "mediaType",
                    MANIFEST,
                    "artifactType",
                    type,
                    "digest",
                    referrer.toString(),
                    "size",
                    content.getOrDefault(referrer, new byte[0]).length,
                    "annotations",
                    annotations)));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome<Optional<RawManifest>> tagged(String tag) {
    return unlessBroken(tag, Optional.ofNullable(tags.get(tag)));
  }

  @Override
  public Outcome<Optional<RawManifest>> manifest(Digest digest) {
    return unlessBroken(digest, Optional.ofNullable(content.get(digest)));
  }

  @Override
  public Outcome<Optional<RawManifest>> referrers(Digest subject) {
    var entries = Optional.ofNullable(referrers.get(subject));
    return unlessBroken(
        "referrers",
        entries.map(
            all ->
                "{\"schemaVersion\":2,\"manifests\":[%s]}"
                    .formatted(String.join(",", all))
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private Outcome<Optional<RawManifest>> unlessBroken(Object what, Optional<byte[]> bytes) {
    return broken.contains(what)
        ? Outcome.failed(Reason.ModuleSourceUnreachable, "the registry broke off")
        : Outcome.done(bytes.map(manifest -> new RawManifest(manifest, MANIFEST, NAME)));
  }

  @Override
  public Outcome<byte[]> blob(Digest digest, long maxBytes) {
    var bytes = content.get(digest);
    if (broken.contains(digest)) {
      return Outcome.failed(Reason.ModuleSourceUnreachable, "the registry broke off");
    }
    if (bytes == null) {
      return Outcome.failed(Reason.ModuleNotFound, "there is no such blob");
    }
    return bytes.length > maxBytes
        ? Outcome.failed(Reason.ModuleTooLarge, "the blob is larger than " + maxBytes)
        : Outcome.done(bytes);
  }
}
