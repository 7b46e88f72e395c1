package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The manifest of a policy module as kwctl writes it; the same module gives the same bytes. */
final class ModuleManifest {
  static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  private static final String CONFIG_TYPE = "application/vnd.wasm.config.v1+json";
  private static final String POLICY_SOURCE = "io.kubewarden.policy.source";
  private static final String IMAGE_SOURCE = "org.opencontainers.image.source";

  private ModuleManifest() {}

  static RawManifest of(byte[] module, Map<String, String> annotations) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("schemaVersion", 2)
            .put("mediaType", ManifestParser.MANIFEST_TYPE);
    json.putObject("config")
        .put("mediaType", CONFIG_TYPE)
        .put("digest", Digest.of(CONFIG).toString())
        .put("size", CONFIG.length);
    json.putArray("layers")
        .addObject()
        .put("mediaType", ManifestDocument.Image.MODULE_LAYER)
        .put("digest", Digest.of(module).toString())
        .put("size", module.length);
    var kept = kept(annotations);
    if (!kept.isEmpty()) {
      var object = json.putObject("annotations");
      kept.forEach(object::put);
    }
    return new RawManifest(
        json.toString().getBytes(StandardCharsets.UTF_8),
        ManifestParser.MANIFEST_TYPE,
        "the manifest to push");
  }

  /** Those of one line; the source also under the name that registries look for. */
  private static Map<String, String> kept(Map<String, String> annotations) {
    var kept = new TreeMap<String, String>();
    annotations.forEach(
        (name, value) -> {
          var text = value.strip();
          if (text.lines().count() == 1) {
            kept.put(name, text);
          }
        });
    if (kept.containsKey(POLICY_SOURCE)) {
      kept.putIfAbsent(IMAGE_SOURCE, kept.get(POLICY_SOURCE));
    }
    return kept;
  }
}
