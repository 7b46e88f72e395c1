package dev.warder.operator;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/**
 * The client that policies read through. It impersonates an account that may only read, so that a
 * policy can never reach what the operator may do.
 */
final class ContextClient {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private ContextClient() {}

  static KubernetesClient of(KubernetesClient own, String account) {
    var config =
        new ConfigBuilder(own.getConfiguration())
            .withImpersonateUsername(account)
            .withRequestTimeout(Math.toIntExact(ANSWER.toMillis()))
            .withRequestRetryBackoffLimit(1)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
