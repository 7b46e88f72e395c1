package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What any manifest or index points at, whatever artifact it is of.
 *
 * @param type its media type
 * @param artifactType what kind of artifact it is of, or empty
 * @param manifests of an index
 * @param blobs the configuration and the layers of a manifest
 * @param subject the manifest that it belongs to
 */
record ManifestLinks(
    String type,
    String artifactType,
    List<Descriptor> manifests,
    List<Descriptor> blobs,
    Optional<Digest> subject) {
  private static final int MAX_LINKS = 1000;
  private static final JsonMapper JSON = new JsonMapper();

  static Outcome<ManifestLinks> of(RawManifest manifest) {
    JsonNode json;
    try {
      json = JSON.readTree(manifest.bytes());
    } catch (IOException e) {
      return ManifestDocument.invalid(manifest.origin() + " is not JSON");
    }
    var listed = new ArrayList<JsonNode>();
    json.path("manifests").forEach(listed::add);
    var manifests = listed.size();
    if (json.has("config")) {
      listed.add(json.path("config"));
    }
    json.path("layers").forEach(listed::add);
    var links =
        listed.stream().map(ManifestParser::descriptorOf).flatMap(Optional::stream).toList();
    if (listed.size() > MAX_LINKS || links.size() != listed.size()) {
      return ManifestDocument.invalid(
          manifest.origin()
              + " names more than "
              + MAX_LINKS
              + " others, or one without a sha256 digest and a size");
    }
    var vague = manifests > 0 ? ManifestParser.INDEX_TYPE : ManifestParser.MANIFEST_TYPE;
    var sent = ManifestParser.essence(manifest.contentType());
    return Outcome.done(
        new ManifestLinks(
            json.path("mediaType").asText(ManifestParser.isKnown(sent) ? sent : vague),
            json.path("artifactType").asText(json.path("config").path("mediaType").asText()),
            links.subList(0, manifests),
            links.subList(manifests, links.size()),
            Digest.parse(json.path("subject").path("digest").asText())));
  }
}
