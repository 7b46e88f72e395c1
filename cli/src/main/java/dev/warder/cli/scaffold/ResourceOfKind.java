package dev.warder.cli.scaffold;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a kind is called in requests.
 *
 * @param plural as in {@code pods}
 * @param namespaced whether its objects live in namespaces
 */
public record ResourceOfKind(String plural, boolean namespaced) {
  /** Where kinds are looked up. */
  public interface Catalogue {
    /** Empty if there is no such kind. */
    Optional<ResourceOfKind> find(String group, String version, String kind);
  }

  private static final String TABLE =
      """
      /v1 ConfigMap configmaps ns
      /v1 Endpoints endpoints ns
      /v1 Namespace namespaces -
      /v1 Node nodes -
      /v1 PersistentVolume persistentvolumes -
      /v1 PersistentVolumeClaim persistentvolumeclaims ns
      /v1 Pod pods ns
      /v1 PodTemplate podtemplates ns
      /v1 ReplicationController replicationcontrollers ns
      /v1 Secret secrets ns
      /v1 Service services ns
      /v1 ServiceAccount serviceaccounts ns
      admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations -
      admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations -
      apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions -
      apps/v1 DaemonSet daemonsets ns
      apps/v1 Deployment deployments ns
      apps/v1 ReplicaSet replicasets ns
      apps/v1 StatefulSet statefulsets ns
      autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers ns
      batch/v1 CronJob cronjobs ns
      batch/v1 Job jobs ns
      networking.k8s.io/v1 Ingress ingresses ns
      networking.k8s.io/v1 IngressClass ingressclasses -
      networking.k8s.io/v1 NetworkPolicy networkpolicies ns
      policies.kubewarden.io/v1 ClusterAdmissionPolicy clusteradmissionpolicies -
      policy/v1 PodDisruptionBudget poddisruptionbudgets ns
      rbac.authorization.k8s.io/v1 ClusterRole clusterroles -
      rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings -
      rbac.authorization.k8s.io/v1 Role roles ns
      rbac.authorization.k8s.io/v1 RoleBinding rolebindings ns
      scheduling.k8s.io/v1 PriorityClass priorityclasses -
      storage.k8s.io/v1 StorageClass storageclasses -
      """;

  /** The kinds that every cluster has. */
  public static Optional<ResourceOfKind> wellKnown(String group, String version, String kind) {
    var wanted = List.of(group + "/" + version, kind);
    return TABLE
        .lines()
        .map(line -> new ArrayList<>(List.of(line.split(" ", -1))))
        .filter(columns -> columns.subList(0, 2).equals(wanted))
        .findFirst()
        .map(columns -> new ResourceOfKind(columns.get(2), columns.get(3).equals("ns")));
  }
}
