package dev.warder.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The samples' manifests, made to fit the demo: the module is the file of this checkout, and only
 * the demo's namespace is judged.
 */
record Samples(Path folder) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  static Samples of(Path home) {
    return new Samples(home.resolve("samples"));
  }

  String policy(String sample, String namespace) throws IOException {
    return YAML.writeValueAsString(manifest(sample, namespace));
  }

  /** A policy of another name whose settings are the sample's bad ones. */
  String policyWithBadSettings(String sample, String name, String namespace) throws IOException {
    var manifest = manifest(sample, namespace);
    ((ObjectNode) manifest.required("metadata")).put("name", name);
    ((ObjectNode) manifest.required("spec")).set("settings", read(sample, "settings/bad.json"));
    return YAML.writeValueAsString(manifest);
  }

  /** One of the sample's requests. */
  JsonNode request(String sample, String name) throws IOException {
    return read(sample, "requests/" + name + ".json");
  }

  private JsonNode manifest(String sample, String namespace) throws IOException {
    var manifest = read(sample, "policy.yaml");
    var spec = (ObjectNode) manifest.required("spec");
    spec.put("module", "file://" + folder.resolve(sample).resolve("policy.wasm"));
    spec.putObject("namespaceSelector")
        .putObject("matchLabels")
        .put("kubernetes.io/metadata.name", namespace);
    return manifest;
  }

  private JsonNode read(String sample, String file) throws IOException {
    return YAML.readTree(folder.resolve(sample).resolve(file).toFile());
  }
}
