package dev.warder.operator.it;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A policy as a user writes it; every change gives another manifest. */
record PolicyManifest(String name, Map<String, Object> spec) {
  /** Refuses pods of one namespace whose images are not pinned. */
  static PolicyManifest noLatestTag(String name, String namespace) {
    return new PolicyManifest(name, Map.of())
        .with("module", Cluster.sampleModule("no-latest-tag"))
        .with("mutating", false)
        .with("rules", List.of(podRule("CREATE")))
        .with("namespaceSelector", only(namespace));
  }

  static Map<String, Object> podRule(String operation) {
    return rule(List.of("v1"), List.of("pods"), List.of(operation));
  }

  static Map<String, Object> rule(
      List<String> versions, List<String> resources, List<String> operations) {
    return Map.of(
        "apiGroups",
        List.of(""),
        "apiVersions",
        versions,
        "resources",
        resources,
        "operations",
        operations);
  }

  /** A selector of one namespace by its name. */
  static Map<String, Object> only(String namespace) {
    return Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", namespace));
  }

  PolicyManifest with(String field, Object value) {
    var changed = new LinkedHashMap<>(spec);
    changed.put(field, value);
    return new PolicyManifest(name, changed);
  }

  PolicyManifest without(String field) {
    var changed = new LinkedHashMap<>(spec);
    changed.remove(field);
    return new PolicyManifest(name, changed);
  }

  PolicyManifest named(String other) {
    return new PolicyManifest(other, spec);
  }

  String json() {
    return Serialization.asJson(
        Map.of(
            "apiVersion",
            "policies.kubewarden.io/v1",
            "kind",
            "ClusterAdmissionPolicy",
            "metadata",
            Map.of("name", name),
            "spec",
            spec));
  }

  @Override
  public String toString() {
    return name;
  }
}
