package dev.warder.operator.webhookconfig;

import dev.warder.operator.WebhookEndpoint;
import dev.warder.webhook.registry.PolicyId;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the API server sends requests, and whom it trusts there.
 *
 * @param namespace of the Service; policies skip it unless told not to
 * @param boundPort what {@link WebhookEndpoint.Url} points at
 * @param caBundle PEM
 */
public record WebhookTarget(
    WebhookEndpoint endpoint, String namespace, int boundPort, String caBundle) {

  WebhookClientConfig clientConfig(PolicyId id) {
    var path = "/validate/" + id.value();
    var config =
        new WebhookClientConfigBuilder()
            .withCaBundle(
                Base64.getEncoder().encodeToString(caBundle.getBytes(StandardCharsets.UTF_8)));
    return switch (endpoint) {
      case WebhookEndpoint.Service(var name, var port) ->
          config
              .withNewService()
              .withNamespace(namespace)
              .withName(name)
              .withPort(port)
              .withPath(path)
              .endService()
              .build();
      case WebhookEndpoint.Url(var host) ->
          config.withUrl("https://" + host + ":" + boundPort + path).build();
    };
  }
}
