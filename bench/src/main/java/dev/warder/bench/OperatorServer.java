package dev.warder.bench;

import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** {@code warder operator} on a control plane of its own, under the rights of config/rbac. */
final class OperatorServer implements Server {
  private final Path home;
  private final Path folder;
  private final String jvm;
  private final ControlPlane controlPlane;
  private final BenchCluster cluster;
  private final Path account;
  private final int port = ServerProcess.freePort();
  private final int managementPort = ServerProcess.freePort();
  private boolean created;
  private @Nullable ServerProcess running;
  private @Nullable SSLContext trust;

  OperatorServer(Path home, Path folder, String jvm) throws Exception {
    this.home = home;
    this.folder = folder;
    this.jvm = jvm;
    this.controlPlane = ControlPlane.start(ControlPlaneOptions.defaults(), System.err::println);
    this.cluster = new BenchCluster(controlPlane, home);
    cluster.install();
    this.account = cluster.serviceAccount();
  }

  BenchCluster cluster() {
    return cluster;
  }

  @Override
  public void start(List<BenchPolicy> policies) throws Exception {
    running =
        ServerProcess.start(
            home,
            List.of(
                "operator",
                "--kubeconfig=" + account,
                "--webhook-host=" + Endpoint.HOST,
                "--bind-address=" + Endpoint.HOST,
                "--webhook-port=" + port,
                "--management-port=" + managementPort,
                "--store=" + folder.resolve("store")),
            jvm,
            URI.create("http://" + Endpoint.HOST + ":" + managementPort + "/readyz"),
            folder.resolve("operator.log"));
    if (!created) {
      for (var policy : policies) {
        cluster.create(policy);
      }
      created = true;
      policies.forEach(policy -> cluster.awaitReady(policy.name()));
    }
    trust = cluster.trust();
  }

  /** A metric without labels, as the management port tells it. */
  double metric(String name) throws IOException, InterruptedException {
    var uri = URI.create("http://" + Endpoint.HOST + ":" + managementPort + "/metrics");
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      return answer
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IOException("there is no metric " + name));
    }
  }

  @Override
  public void add(BenchPolicy policy) throws Exception {
    cluster.create(policy);
  }

  @Override
  public Endpoint endpoint() {
    if (trust == null) {
      throw new IllegalStateException("the operator was not started");
    }
    return new Endpoint(port, trust);
  }

  @Override
  public String path(String policy) {
    return "/validate/kw.cap." + policy;
  }

  @Override
  public ProcessTree process() {
    return running().tree();
  }

  @Override
  public PeakWatch peak() {
    return running().peak();
  }

  private ServerProcess running() {
    if (running == null) {
      throw new IllegalStateException("the operator does not run");
    }
    return running;
  }

  @Override
  public void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public void close() {
    stop();
    cluster.close();
    controlPlane.close();
  }
}
