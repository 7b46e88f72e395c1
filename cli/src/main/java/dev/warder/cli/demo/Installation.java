package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.operator.ContextSettings;
import dev.warder.operator.OperatorConfig;
import dev.warder.operator.OperatorRuntime;
import dev.warder.operator.RetryDelays;
import dev.warder.operator.WebhookEndpoint;
import dev.warder.operator.budget.BudgetRange;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.wasi.ProgramStorage;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Warder in the demo's cluster: CRD, namespaces, account and rights, and the operator itself. */
final class Installation implements AutoCloseable {
  static final String CRD = "clusteradmissionpolicies.policies.kubewarden.io";
  static final String SYSTEM = "warder-system";

  private static final String SERVICE_ACCOUNT = "warder";
  private static final int QUEUE = 256;

  private final Cluster cluster;
  private final Shell shell;
  private final Path config;
  private final Audience audience;

  Installation(Cluster cluster, Shell shell, Path home, Audience audience) {
    this.cluster = cluster;
    this.shell = shell;
    this.config = home.resolve("config");
    this.audience = audience;
  }

  void apply() {
    require("apply", "--server-side", "-f", config.resolve("crd/" + CRD + ".yaml").toString());
    require("wait", "--for=condition=Established", "crd/" + CRD, "--timeout=60s");
    require("apply", "--server-side", "-k", config.resolve("rbac").toString());
    cluster.createNamespace(Story.NAMESPACE);
    cluster.createNamespace(Story.MUTATED_NAMESPACE);
    audience.progress(
        "installed the custom resource, and an account with the rights of config/rbac");
  }

  /** Starts the operator in this process, under its own account instead of the administrator's. */
  RunningOperator startOperator(Folder folder) {
    var token =
        require("create", "token", SERVICE_ACCOUNT, "-n", SYSTEM, "--duration=24h").stdout();
    var client = new KubernetesClientBuilder().withConfig(asServiceAccount(token.strip())).build();
    try {
      var host = cluster.webhookHost();
      var runtime = Failures.valueOf(OperatorRuntime.start(config(folder, host), client));
      var webhook = "https://" + host + ":" + runtime.webhookPort();
      audience.progress(
          "started the operator in this process as system:serviceaccount:%s:%s, webhook at %s"
              .formatted(SYSTEM, SERVICE_ACCOUNT, webhook));
      return new RunningOperator(runtime, client, webhook);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static OperatorConfig config(Folder folder, String host) {
    var cpus = Runtime.getRuntime().availableProcessors();
    return new OperatorConfig(
        "default",
        SYSTEM,
        new WebhookEndpoint.Url(host),
        host.equals("127.0.0.1") ? host : "0.0.0.0",
        0,
        0,
        folder.path().resolve("store"),
        ProgramStorage.in(folder.path().resolve("store")),
        FetchLimits.defaults(),
        Sources.none(),
        Optional.empty(),
        BudgetRange.defaults(),
        cpus,
        QUEUE,
        Duration.ZERO,
        RetryDelays.defaults(),
        ContextSettings.defaults(SYSTEM));
  }

  private Config asServiceAccount(String token) {
    var admin = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(admin.getMasterUrl())
        .withCaCertFile(admin.getCaCertFile())
        .withCaCertData(admin.getCaCertData())
        .withTrustCerts(admin.isTrustCerts())
        .withHttpsProxy(admin.getHttpsProxy())
        .withNoProxy(admin.getNoProxy())
        .withOauthToken(token)
        .build();
  }

  /** Takes everything out of a cluster that stays; the operator must still run, for finalizers. */
  void removePolicies() {
    if (!cluster.disposable()) {
      attempt("delete", "clusteradmissionpolicies", "--all", "--timeout=60s");
    }
  }

  @Override
  public void close() {
    if (!cluster.disposable()) {
      audience.progress("removing what the demo made in " + cluster.description());
      attempt("delete", "crd", CRD, "--ignore-not-found", "--timeout=60s");
      attempt("delete", "--ignore-not-found", "-k", config.resolve("rbac").toString());
      attempt(
          "delete", "namespace", Story.NAMESPACE, Story.MUTATED_NAMESPACE, "--ignore-not-found");
    }
  }

  private void attempt(String... arguments) {
    var answer = shell.kubectl(List.of(arguments));
    if (!answer.succeeded()) {
      audience.progress("please do this yourself: " + answer.line() + " - " + answer.output());
    }
  }

  private CommandResult require(String... arguments) {
    var answer = shell.kubectl(List.of(arguments));
    if (!answer.succeeded()) {
      throw new CommandFailedException(answer.line() + " failed: " + answer.output());
    }
    return answer;
  }

  /**
   * The operator in this process.
   *
   * @param webhook its address, as the API server calls it
   */
  record RunningOperator(OperatorRuntime runtime, KubernetesClient client, String webhook)
      implements AutoCloseable {
    @Override
    public void close() {
      runtime.close();
      client.close();
    }
  }
}
