package dev.warder.operator.it;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** What Warder has left of a policy in the cluster. */
final class Traces {
  private final KubernetesClient client;
  private final String policy;

  Traces(Cluster cluster, String policy) {
    this.client = cluster.admin();
    this.policy = policy;
  }

  /** The name of the webhook configuration and of the kept generation; also the served id. */
  String id() {
    return "kw.cap." + policy;
  }

  Optional<ValidatingWebhookConfiguration> validating() {
    return Optional.ofNullable(
        client.admissionRegistration().v1().validatingWebhookConfigurations().withName(id()).get());
  }

  Optional<MutatingWebhookConfiguration> mutating() {
    return Optional.ofNullable(
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(id()).get());
  }

  boolean webhook() {
    return validating().isPresent() || mutating().isPresent();
  }

  /** The last good generation, kept for a restart. */
  Optional<ConfigMap> kept() {
    return Optional.ofNullable(
        client.configMaps().inNamespace(Cluster.NAMESPACE).withName(id()).get());
  }

  List<Event> events() {
    return client.events().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(policy))
        .toList();
  }

  List<Event> events(String reason) {
    return events().stream().filter(event -> event.getReason().equals(reason)).toList();
  }
}
