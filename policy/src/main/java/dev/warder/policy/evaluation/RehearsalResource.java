package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.metadata.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A resource that a rule matches, with a small object of its kind. */
record RehearsalResource(
    String group, String version, String resource, Optional<String> subresource) {

  /** Kinds whose name is more than the resource's singular with a capital. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("clusterrolebindings", "ClusterRoleBinding"),
          Map.entry("clusterroles", "ClusterRole"),
          Map.entry("configmaps", "ConfigMap"),
          Map.entry("cronjobs", "CronJob"),
          Map.entry("customresourcedefinitions", "CustomResourceDefinition"),
          Map.entry("daemonsets", "DaemonSet"),
          Map.entry("endpoints", "Endpoints"),
          Map.entry("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
          Map.entry("ingressclasses", "IngressClass"),
          Map.entry("limitranges", "LimitRange"),
          Map.entry("networkpolicies", "NetworkPolicy"),
          Map.entry("persistentvolumeclaims", "PersistentVolumeClaim"),
          Map.entry("persistentvolumes", "PersistentVolume"),
          Map.entry("poddisruptionbudgets", "PodDisruptionBudget"),
          Map.entry("priorityclasses", "PriorityClass"),
          Map.entry("replicasets", "ReplicaSet"),
          Map.entry("replicationcontrollers", "ReplicationController"),
          Map.entry("resourcequotas", "ResourceQuota"),
          Map.entry("rolebindings", "RoleBinding"),
          Map.entry("serviceaccounts", "ServiceAccount"),
          Map.entry("statefulsets", "StatefulSet"),
          Map.entry("storageclasses", "StorageClass"));

  private static final Set<String> CLUSTER_WIDE =
      Set.of(
          "clusterrolebindings",
          "clusterroles",
          "customresourcedefinitions",
          "ingressclasses",
          "namespaces",
          "nodes",
          "persistentvolumes",
          "priorityclasses",
          "storageclasses");

  private static final Set<String> WITH_POD_TEMPLATE =
      Set.of(
          "daemonsets",
          "deployments",
          "jobs",
          "replicasets",
          "replicationcontrollers",
          "statefulsets");

  static RehearsalResource of(Rule rule) {
    var path = first(rule.resources(), "*").split("/", 2);
    var subresource =
        path.length == 2 && !path[1].equals("*") ? Optional.of(path[1]) : Optional.<String>empty();
    var group = first(rule.apiGroups(), "*");
    var resource = path[0].equals("*") ? exampleOf(group) : path[0];
    return new RehearsalResource(
        group.equals("*") ? "" : group,
        first(rule.apiVersions(), "*").replace("*", "v1"),
        resource,
        subresource);
  }

  String kind() {
    return KINDS.getOrDefault(resource, capitalised(singular(resource)));
  }

  /** Empty for a cluster-wide resource. */
  Optional<String> namespace() {
    return CLUSTER_WIDE.contains(resource) ? Optional.empty() : Optional.of("default");
  }

  ObjectNode groupVersionKind() {
    return Json.object().put("group", group).put("version", version).put("kind", kind());
  }

  ObjectNode groupVersionResource() {
    return Json.object().put("group", group).put("version", version).put("resource", resource);
  }

  ObjectNode object(String name) {
    var object = Json.object();
    object.put("apiVersion", group.isEmpty() ? version : group + "/" + version);
    object.put("kind", kind());
    var metadata = object.putObject("metadata");
    metadata.put("name", name);
    namespace().ifPresent(namespace -> metadata.put("namespace", namespace));
    if (resource.equals("pods")) {
      object.set("spec", podSpec());
    } else if (WITH_POD_TEMPLATE.contains(resource)) {
      object.set("spec", withPodTemplate());
    } else if (resource.equals("cronjobs")) {
      var spec = object.putObject("spec").put("schedule", "0 0 * * *");
      spec.putObject("jobTemplate").set("spec", withPodTemplate());
    }
    return object;
  }

  private static ObjectNode withPodTemplate() {
    var spec = Json.object();
    spec.putObject("template").putObject("metadata");
    spec.withObject("/template").set("spec", podSpec());
    return spec;
  }

  private static ObjectNode podSpec() {
    var spec = Json.object();
    spec.putArray("containers")
        .addObject()
        .put("name", "rehearsal")
        .put("image", "registry.example/warder/rehearsal:1.0.0");
    return spec;
  }

  private static String exampleOf(String group) {
    return group.equals("apps") ? "deployments" : "pods";
  }

  private static String first(List<String> values, String otherwise) {
    return values.stream().findFirst().orElse(otherwise);
  }

  private static String singular(String plural) {
    if (plural.endsWith("ies")) {
      return plural.substring(0, plural.length() - 3) + "y";
    }
    if (plural.endsWith("sses")) {
      return plural.substring(0, plural.length() - 2);
    }
    return plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
  }

  private static String capitalised(String word) {
    return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
