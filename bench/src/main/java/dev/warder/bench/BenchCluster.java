package dev.warder.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.controlplane.ControlPlane;
import dev.warder.crd.ClusterAdmissionPolicy;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The API server with what Warder needs, and policies on it. */
final class BenchCluster implements AutoCloseable {
  private static final String SAMPLE = "required-labels";
  private static final int CREATORS = 8;

  private final JsonMapper json = new JsonMapper();
  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final Path home;

  BenchCluster(ControlPlane controlPlane, Path home) {
    this.controlPlane = controlPlane;
    this.home = home;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
            .build();
  }

  void install() {
    kubectl(
        "apply",
        "--server-side",
        "-f",
        home.resolve("config/crd").toString()
            + "/"
            + "clusteradmissionpolicies.policies.kubewarden.io.yaml");
    kubectl("apply", "--server-side", "-k", home.resolve("config/rbac").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
  }

  Path serviceAccount() {
    return controlPlane.kubeconfigFor(controlPlane.tokenFor("warder-system", "warder"), "warder");
  }

  /** Creates the resource of a policy, with the Go sample's rules. */
  void create(BenchPolicy wanted) throws IOException {
    var manifest =
        new YAMLMapper().readTree(home.resolve("samples/" + SAMPLE + "/policy.yaml").toFile());
    ((ObjectNode) manifest.path("metadata")).put("name", wanted.name());
    var spec = (ObjectNode) manifest.path("spec");
    spec.put("module", "file://" + wanted.module());
    spec.set("settings", wanted.settings());
    if (wanted.readsNamespaces()) {
      spec.putArray("contextAwareResources")
          .addObject()
          .put("apiVersion", "v1")
          .put("kind", "Namespace");
    }
    client.resource(json.treeToValue(manifest, ClusterAdmissionPolicy.class)).create();
  }

  /** Creates Namespaces, many at a time. */
  void create(List<Namespace> namespaces) {
    try (var threads = Executors.newFixedThreadPool(CREATORS)) {
      var creations = new ArrayList<Future<?>>();
      for (var namespace : namespaces) {
        creations.add(threads.submit(() -> client.resource(namespace).create()));
      }
      for (var creation : creations) {
        creation.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a Namespace cannot be created: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it created Namespaces", e);
    }
  }

  /** Waits until a policy is Ready. */
  void awaitReady(String name) {
    client
        .resources(ClusterAdmissionPolicy.class)
        .withName(name)
        .waitUntilCondition(BenchCluster::isReady, 15, TimeUnit.MINUTES);
  }

  /** Seconds until a new policy is Ready. */
  double createAndAwait(BenchPolicy policy) throws IOException {
    var begin = System.nanoTime();
    create(policy);
    awaitReady(policy.name());
    return (System.nanoTime() - begin) / 1e9;
  }

  private static boolean isReady(@Nullable ClusterAdmissionPolicy policy) {
    return policy != null
        && policy.getStatus() != null
        && policy.getStatus().conditions() != null
        && policy.getStatus().conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /** Seconds until the webhook answers by the new settings: every other edit refuses the review. */
  double editAndAwaitServed(String name, int number, Endpoint endpoint, byte[] request)
      throws IOException {
    var refuses = number % 2 == 0;
    var pattern = refuses ? "^nobody$" : "^team-[a-z]+$";
    var patch = "{\"spec\":{\"settings\":{\"labels\":{\"owner\":\"" + pattern + "\"}}}}";
    try (var connection = new Connection(endpoint)) {
      connection.ask(request);
      var begin = System.nanoTime();
      client
          .resources(ClusterAdmissionPolicy.class)
          .withName(name)
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      awaitVerdict(connection, request, !refuses);
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  /**
   * Milliseconds from the API server's answer to the first verdict that knows a Namespace's new
   * label.
   *
   * @param allows whether the review is allowed then
   */
  double labelAndAwaitSeen(
      String namespace,
      String label,
      String value,
      boolean allows,
      Endpoint endpoint,
      byte[] request)
      throws IOException {
    var patch = "{\"metadata\":{\"labels\":{\"" + label + "\":\"" + value + "\"}}}";
    try (var connection = new Connection(endpoint)) {
      connection.ask(request);
      client.namespaces().withName(namespace).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      var begin = System.nanoTime();
      awaitVerdict(connection, request, allows);
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static void awaitVerdict(Connection connection, byte[] request, boolean allows)
      throws IOException {
    while (connection.ask(request).contains("\"allowed\":true") != allows) {
      Thread.onSpinWait();
    }
  }

  /** Whom to trust as the webhook. */
  SSLContext trust() throws Exception {
    Secret secret = client.secrets().inNamespace("warder-system").withName("warder-tls").get();
    return ServerTls.trust(
        new String(
            Base64.getDecoder().decode(secret.getData().get("ca.crt")), StandardCharsets.US_ASCII));
  }

  private void kubectl(String... arguments) {
    var result = controlPlane.asAdmin().run(arguments);
    if (!result.isSuccess()) {
      throw new IllegalStateException(String.join(" ", arguments) + ": " + result.stderr());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
