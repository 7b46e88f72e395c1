package dev.warder.policy.metadata;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Puts metadata into a module. */
public final class MetadataWriter {
  private MetadataWriter() {}

  /**
   * The module with this metadata, unchecked, as its only metadata section, at the end. A module
   * that is not waPC gets the protocol version {@code Unknown}. The same input gives the same
   * bytes. Fails with {@code ModuleNotWasm}.
   */
  public static Outcome<byte[]> annotate(byte[] module, PolicyMetadata metadata) {
    var complete =
        metadata.executionMode() == ExecutionMode.KUBEWARDEN_WAPC
            ? metadata
            : metadata.withProtocolVersion(ProtocolVersion.UNKNOWN);
    return MetadataSection.replace(module, json(complete).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The module with one annotation more in its metadata, which otherwise stays as it is. Fails with
   * {@code ModuleNotWasm}, {@code MetadataMissing} or {@code MetadataInvalid}.
   */
  public static Outcome<byte[]> withAnnotation(byte[] module, String name, String value) {
    return PolicyMetadataReader.readTree(module)
        .then(
            metadata -> {
              var annotations =
                  metadata.path("annotations").isObject()
                      ? metadata.withObject("/annotations")
                      : metadata.putObject("annotations");
              annotations.put(name, value);
              return MetadataSection.replace(
                  module, metadata.toString().getBytes(StandardCharsets.UTF_8));
            });
  }

  /** The metadata as compact JSON, members in a fixed order. */
  public static String json(PolicyMetadata metadata) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("protocolVersion", metadata.protocolVersion().map(ProtocolVersion::json).orElse(null));
    var rules = json.putArray("rules");
    metadata.rules().forEach(rule -> rules.add(json(rule)));
    if (!metadata.annotations().isEmpty()) {
      metadata.annotations().forEach(json.putObject("annotations")::put);
    }
    json.put("mutating", metadata.mutating());
    json.put("backgroundAudit", metadata.backgroundAudit());
    json.put("executionMode", metadata.executionMode().json());
    json.put("policyType", metadata.policyType().json());
    var resources = json.putArray("contextAwareResources");
    metadata
        .contextAwareResources()
        .forEach(
            resource ->
                resources
                    .addObject()
                    .put("apiVersion", resource.apiVersion())
                    .put("kind", resource.kind()));
    if (!metadata.hostCapabilities().isEmpty()) {
      strings(json, "hostCapabilities", metadata.hostCapabilities());
    }
    metadata.minimumKubewardenVersion().ifPresent(v -> json.put("minimumKubewardenVersion", v));
    return json.toString();
  }

  private static ObjectNode json(Rule rule) {
    var json = JsonNodeFactory.instance.objectNode();
    strings(json, "apiGroups", rule.apiGroups());
    strings(json, "apiVersions", rule.apiVersions());
    strings(json, "resources", rule.resources());
    strings(json, "operations", rule.operations());
    return json;
  }

  private static void strings(ObjectNode json, String member, Collection<String> values) {
    var array = json.putArray(member);
    values.forEach(array::add);
  }
}
