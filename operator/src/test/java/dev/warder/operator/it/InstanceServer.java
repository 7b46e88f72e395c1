package dev.warder.operator.it;

import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyServer;
import dev.warder.crd.PolicyServerStatus;
import dev.warder.policy.testing.PrivateRegistry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The instance's PolicyServer, and what it names: how a registry is read, who must have signed. */
final class InstanceServer {
  private final Cluster cluster;
  private final PrivateRegistry registry;

  InstanceServer(Cluster cluster, PrivateRegistry registry) {
    this.cluster = cluster;
    this.registry = registry;
  }

  void apply(Map<String, String> annotations) {
    cluster.apply(
        Serialization.asJson(
            Map.of(
                "apiVersion",
                "policies.kubewarden.io/v1",
                "kind",
                "PolicyServer",
                "metadata",
                Map.of("name", "default", "annotations", annotations),
                "spec",
                Map.of(
                    "image",
                    "ghcr.io/kubewarden/policy-server:v1",
                    "replicas",
                    1,
                    "imagePullSecret",
                    "pull",
                    "verificationConfig",
                    "signers",
                    "sourceAuthorities",
                    Map.of(registry.host(), List.of(registry.authority()))))));
  }

  /**
   * @param config a verification config
   */
  void signers(String config) {
    cluster.apply(
        object("ConfigMap", "signers", Map.of("data", Map.of("verification-config", config))));
  }

  void pullSecret(String password) {
    var config =
        Base64.getEncoder()
            .encodeToString(registry.dockerConfig(password).getBytes(StandardCharsets.UTF_8));
    cluster.apply(
        object(
            "Secret",
            "pull",
            Map.of(
                "type",
                "kubernetes.io/dockerconfigjson",
                "data",
                Map.of(".dockerconfigjson", config))));
  }

  PolicyCondition ready() {
    return Optional.ofNullable(
            cluster.admin().resources(PolicyServer.class).withName("default").get().getStatus())
        .map(PolicyServerStatus::conditions)
        .orElse(List.of())
        .stream()
        .filter(condition -> condition.type().equals("Ready"))
        .findFirst()
        .orElse(new PolicyCondition("Ready", "Unknown", "", "", "", null));
  }

  void delete() {
    cluster.kubectl("delete", "policyservers", "--all");
    cluster.kubectl("delete", "-n", Cluster.NAMESPACE, "configmap/signers", "secret/pull");
  }

  private static String object(String kind, String name, Map<String, Object> content) {
    var object = new LinkedHashMap<String, Object>(content);
    object.put("apiVersion", "v1");
    object.put("kind", kind);
    object.put("metadata", Map.of("name", name, "namespace", Cluster.NAMESPACE));
    return Serialization.asJson(object);
  }
}
