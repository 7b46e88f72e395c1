package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a cluster to look into. */
final class ClusterOptions {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The cluster to look into (default: as for kubectl).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "A context of the kubeconfig (default: its current one).")
  private @Nullable String context;

  /** Whether any of the options was given. */
  boolean named() {
    return kubeconfig != null || context != null;
  }

  KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  /** Asks the cluster once, for somebody who waits for the answer. */
  <T> T ask(Function<KubernetesClient, T> question) {
    var config = config();
    config.setRequestRetryBackoffLimit(1);
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      return question.apply(client);
    } catch (KubernetesClientException e) {
      throw new CommandFailedException(
          "the cluster at %s cannot be asked: %s".formatted(config.getMasterUrl(), why(e)), e);
    }
  }

  /** What the API server said, or else what kept it from being asked. */
  private static String why(KubernetesClientException e) {
    var status = e.getStatus();
    if (status != null && status.getMessage() != null) {
      return oneLine(status.getMessage());
    }
    Throwable cause = e;
    while (cause.getCause() != null && tellsNothing(cause)) {
      cause = cause.getCause();
    }
    var kind = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? kind : oneLine(kind + ": " + cause.getMessage());
  }

  /** The client's own exceptions name the request, and wrap what failed in bare ones. */
  private static boolean tellsNothing(Throwable e) {
    return e instanceof KubernetesClientException
        || (e.getClass() == IOException.class && e.getMessage() == null);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private Config config() {
    var config = read();
    if (context != null
        && config.getContexts().stream().noneMatch(one -> one.getName().equals(context))) {
      // The client would take the current context, which is another cluster.
      throw new CommandFailedException(
          "--context: there is no context " + context + " in the kubeconfig");
    }
    return config;
  }

  private Config read() {
    if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
      throw new CommandFailedException("--kubeconfig: cannot read the file " + kubeconfig);
    }
    try {
      return kubeconfig == null
          ? Config.autoConfigure(context)
          : Config.fromKubeconfig(context, kubeconfig.toFile());
    } catch (KubernetesClientException e) {
      throw new CommandFailedException(
          "--kubeconfig: " + kubeconfig + " cannot be used: " + e.getMessage(), e);
    }
  }
}
