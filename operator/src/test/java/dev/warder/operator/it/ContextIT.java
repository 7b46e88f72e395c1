package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Policies that see the cluster, under the rights of config/rbac. */
@ExtendWith(Cluster.Extension.class)
class ContextIT {
  private static final String NAMESPACE = "context-one";
  private static final String OTHER = "context-two";

  private final Cluster cluster;
  private @TempDir Path store;
  private Warder warder;

  ContextIT(Cluster cluster) {
    this.cluster = cluster;
    cluster.sampleNamespace(NAMESPACE);
    cluster.sampleNamespace(OTHER);
  }

  @BeforeEach
  void start() {
    warder = Warder.start(cluster, store);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    cluster.kubectl("delete", "ingresses", "--all", "-n", NAMESPACE);
    cluster.kubectl("delete", "ingresses", "--all", "-n", OTHER);
  }

  @Test
  void aHostThatIsTakenElsewhereIsRefusedUntilItIsFree() {
    cluster.apply(Cluster.sample("unique-ingress-hosts"));
    warder.awaitReady("unique-ingress-hosts");
    Warder.eventually("the API server asks and lets the first one have the host")
        .until(() -> cluster.tryApply(ingress(NAMESPACE, "first", "shop.example")).isSuccess());

    Warder.eventually("the other one sees it")
        .until(
            () ->
                cluster
                    .tryApply(ingress(OTHER, "second", "shop.example"))
                    .stderr()
                    .contains("shop.example"));
    assertThat(cluster.tryApply(ingress(OTHER, "third", "else.example")).isSuccess()).isTrue();
    assertThat(cluster.tryApply(ingress(NAMESPACE, "first", "shop.example")).isSuccess()).isTrue();

    cluster.kubectl("delete", "ingress", "first", "-n", NAMESPACE);
    Warder.eventually("the host is free")
        .until(() -> cluster.tryApply(ingress(OTHER, "second", "shop.example")).isSuccess());
  }

  @Test
  void aLabelOfTheNamespaceDecides() {
    cluster.kubectl("label", "namespace", NAMESPACE, "team=blue", "--overwrite");
    cluster.apply(Cluster.sample("team-label"));
    warder.awaitReady("team-label");

    Warder.eventually("the API server asks")
        .until(() -> !cluster.tryApply(pod("red-one", "red")).isSuccess());
    assertThat(cluster.tryApply(pod("red-one", "red")).stderr())
        .contains("denied the request")
        .contains("blue");
    assertThat(cluster.tryApply(pod("blue-one", "blue")).isSuccess()).isTrue();

    cluster.kubectl("label", "namespace", NAMESPACE, "team=red", "--overwrite");
    Warder.eventually("the namespace's new label counts")
        .until(() -> cluster.tryApply(pod("red-one", "red")).isSuccess());
    cluster.kubectl("delete", "pods", "--all", "-n", NAMESPACE, "--grace-period=0", "--force");
  }

  @Test
  void aMissingRightShowsWithItsRuleUntilItIsGranted() {
    var policy =
        PolicyManifest.noLatestTag("reads-maps", NAMESPACE)
            .with(
                "contextAwareResources", List.of(Map.of("apiVersion", "v1", "kind", "ConfigMap")));
    cluster.apply(policy.json());

    var waiting = warder.awaitRetrying("reads-maps");
    assertThat(waiting.reason()).isEqualTo(Reason.ContextUnavailable.name());
    assertThat(waiting.message())
        .contains("system:serviceaccount:warder-system:warder-policies may not get, list, watch")
        .contains("{apiGroups: [\"\"], resources: [\"configmaps\"], verbs: [get, list, watch]}");

    cluster.kubectl(
        "create",
        "clusterrole",
        "warder-reads-configmaps",
        "--verb=get,list,watch",
        "--resource=configmaps");
    cluster.kubectl(
        "create",
        "clusterrolebinding",
        "warder-reads-configmaps",
        "--clusterrole=warder-reads-configmaps",
        "--serviceaccount=warder-system:warder-policies");
    warder.awaitReady("reads-maps");

    // A generation that wants what nobody may read leaves the one that is served alone.
    cluster.apply(
        policy
            .with("contextAwareResources", List.of(Map.of("apiVersion", "v1", "kind", "Secret")))
            .json());
    var secrets = warder.awaitRetrying("reads-maps");
    assertThat(secrets.message()).contains("v1/Secret").contains("generation 1 is still served");

    cluster.kubectl("delete", "clusterrolebinding", "warder-reads-configmaps");
    cluster.kubectl("delete", "clusterrole", "warder-reads-configmaps");
  }

  @Test
  void aRestartServesWhatSeesTheCluster() {
    cluster.apply(Cluster.sample("unique-ingress-hosts"));
    warder.awaitReady("unique-ingress-hosts");
    assertThat(cluster.tryApply(ingress(NAMESPACE, "before", "kept.example")).isSuccess()).isTrue();

    warder.close();
    warder = Warder.start(cluster, store);

    Warder.eventually("the list is there again")
        .until(
            () ->
                cluster
                    .tryApply(ingress(OTHER, "after", "kept.example"))
                    .stderr()
                    .contains("kept.example"));
  }

  private static String ingress(String namespace, String name, String host) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: %s, namespace: %s}
        spec:
          rules:
            - host: %s
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: shop, port: {number: 80}}}
        """
        .formatted(name, namespace, host);
  }

  private static String pod(String name, String team) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {team: %s}}
        spec: {containers: [{name: app, image: "registry.example/app:1.0"}]}
        """
        .formatted(name, NAMESPACE, team);
  }
}
