package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.util.ArrayList;
import java.util.List;

/** The parts of manifests and indexes that lead to signatures. */
final class SignatureManifest {
  static final int MAX_LAYERS = 64;

  private static final int MAX_REFERRERS = 1000;

  private SignatureManifest() {}

  /** A layer, or an entry of an index; its annotations are an object or missing. */
  record Descriptor(
      String mediaType, String artifactType, Digest digest, long size, StrictJson annotations) {}

  /** The layers of a manifest, which is none of an index. */
  static List<Descriptor> layers(RawManifest manifest) throws UnverifiedException {
    var json = StrictJson.read("its manifest", manifest.bytes());
    require(!json.has("manifests"), "its manifest is an index");
    return descriptors(json, "layers", MAX_LAYERS);
  }

  /** The entries of an index. */
  static List<Descriptor> entries(RawManifest index) throws UnverifiedException {
    var json = StrictJson.read("the index of referrers", index.bytes());
    require(!json.has("layers"), "the index of referrers is a manifest");
    return descriptors(json, "manifests", MAX_REFERRERS);
  }

  private static List<Descriptor> descriptors(StrictJson json, String name, int max)
      throws UnverifiedException {
    var descriptors = new ArrayList<Descriptor>();
    for (var entry : json.objects(name, max)) {
      descriptors.add(
          new Descriptor(
              entry.optionalText("mediaType").orElse(""),
              entry.optionalText("artifactType").orElse(""),
              Digest.parse(entry.text("digest"))
                  .orElseThrow(
                      () -> new UnverifiedException(entry.what() + ".digest is no SHA-256 digest")),
              entry.number("size"),
              entry.object("annotations")));
    }
    return List.copyOf(descriptors);
  }
}
