package dev.warder.operator.it;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/** Asks the API server, by dry run and only once each time, whether it would take an object. */
final class Requests implements AutoCloseable {
  private final KubernetesClient client;

  Requests(Cluster cluster) {
    client = cluster.clientWithoutRetries();
  }

  Judgement pod(String namespace, String image) {
    return create(
        new PodBuilder()
            .withNewMetadata()
            .withName("asked")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("app")
            .withImage(image)
            .endContainer()
            .endSpec()
            .build());
  }

  Judgement configMap(String namespace, Map<String, String> labels, String text) {
    return create(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("asked")
            .withNamespace(namespace)
            .withLabels(labels)
            .endMetadata()
            .withData(Map.of("text", text))
            .build());
  }

  private Judgement create(HasMetadata object) {
    try {
      client.resource(object).dryRun().create();
      return new Judgement.Admitted();
    } catch (KubernetesClientException e) {
      var message = String.valueOf(e.getMessage());
      return message.contains("denied the request")
          ? new Judgement.Refused(message)
          : new Judgement.Broken(message);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
