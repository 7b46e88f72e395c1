package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.operator.ContextSettings;
import dev.warder.operator.OperatorConfig;
import dev.warder.operator.OperatorRuntime;
import dev.warder.operator.RetryDelays;
import dev.warder.operator.WebhookEndpoint;
import dev.warder.operator.budget.BudgetRange;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The operator proper. */
@Command(
    name = "operator",
    description = "Reconciles the policies of a cluster and serves its admission webhook.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    defaultValueProvider = EnvironmentDefaults.class,
    footer = {
      "",
      "Every option has a twin in the environment: --eval-timeout is WARDER_EVAL_TIMEOUT.",
      "The option wins. Without --kubeconfig and --context the operator uses its service",
      "account, or the usual kubeconfig when it runs outside of a cluster.",
      "SIGTERM ends it gracefully: what was accepted is answered first.",
      "",
      "Example:",
      "  warder operator --context dev --webhook-host 192.0.2.7"
    })
final class OperatorCommand implements Callable<Integer> {
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      defaultValue = "default",
      description =
          "Serves the policies whose spec.policyServer is this (default: ${DEFAULT-VALUE}).")
  private String instance;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "warder-system",
      description =
          "Where the operator keeps its Secret and ConfigMaps (default: ${DEFAULT-VALUE}).")
  private String namespace;

  @Option(
      names = "--webhook-service",
      paramLabel = "NAME[:PORT]",
      description = {
        "The Service in --namespace through which the API server reaches the webhook",
        "(default: warder:443)."
      })
  private @Nullable String webhookService;

  @Option(
      names = "--webhook-host",
      paramLabel = "ADDRESS",
      description = {
        "Instead of a Service: the name or address at which the API server reaches this",
        "process directly, for operators outside of the cluster."
      })
  private @Nullable String webhookHost;

  @Option(
      names = "--bind-address",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Where both ports listen (default: ${DEFAULT-VALUE}).")
  private String bindAddress;

  @Option(
      names = "--webhook-port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "HTTPS for the API server; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int webhookPort;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description =
          "HTTP with /livez, /readyz, /metrics; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int managementPort;

  @Mixin private FetchOptions fetch;

  @Mixin private TrustRootOptions trustRoot;

  @Mixin private EvaluationOptions evaluation;

  @Mixin private BudgetLimitOptions budgetLimits;

  @Option(
      names = "--retry-first",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Quantities.DurationConverter.class,
      description = "When a failed preparation is tried again first (default: ${DEFAULT-VALUE}).")
  private Duration retryFirst;

  @Option(
      names = "--retry-max",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = Quantities.DurationConverter.class,
      description = "The longest pause between two tries (default: ${DEFAULT-VALUE}).")
  private Duration retryMax;

  @Option(
      names = "--context-account",
      paramLabel = "NAME",
      defaultValue = "warder-policies",
      description = {
        "The service account in --namespace whose rights policies have when they read the",
        "cluster (default: ${DEFAULT-VALUE})."
      })
  private String contextAccount;

  @Option(
      names = "--context-memory",
      paramLabel = "SIZE",
      defaultValue = "256Mi",
      converter = Quantities.SizeConverter.class,
      description = {
        "What the lists that policies read of the cluster may take together",
        "(default: ${DEFAULT-VALUE})."
      })
  private long contextMemory;

  @Mixin private LogOptions log;

  @Mixin private ClusterOptions cluster;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var config = config();
    log.apply();
    var client = cluster.client();
    var runtime = Failures.valueOf(OperatorRuntime.start(config, client));
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("graceful-stop")
                .unstarted(
                    () -> {
                      runtime.close();
                      client.close();
                    }));
    Thread.currentThread().join();
    return CommandLine.ExitCode.OK;
  }

  OperatorConfig config() {
    try {
      return new OperatorConfig(
          instance,
          namespace,
          endpoint(),
          bindAddress,
          port("--webhook-port", webhookPort),
          port("--management-port", managementPort),
          fetch.store(),
          fetch.programs(fetch.store()),
          evaluation.fetchLimits(),
          fetch.sources(SourceOptions.Who.SERVICE),
          trustRoot.source(),
          new BudgetRange(evaluation.budget(), budgetLimits.most(evaluation.budget().time())),
          evaluation.workers(),
          evaluation.queue(),
          evaluation.warmUpCpu(),
          new RetryDelays(retryFirst, retryMax),
          new ContextSettings(
              ContextSettings.serviceAccount(namespace, contextAccount), contextMemory));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private WebhookEndpoint endpoint() {
    if (webhookHost != null) {
      if (webhookService != null) {
        throw wrong("--webhook-service and --webhook-host exclude each other");
      }
      return new WebhookEndpoint.Url(webhookHost);
    }
    var service = webhookService == null ? "warder" : webhookService;
    var parts = service.split(":", 2);
    try {
      return new WebhookEndpoint.Service(
          parts[0],
          parts.length == 1
              ? HTTPS
              : atLeastOne(
                  "the port of --webhook-service",
                  port("the port of --webhook-service", Integer.parseInt(parts[1]))));
    } catch (NumberFormatException e) {
      throw wrong("--webhook-service must be NAME or NAME:PORT: " + service);
    }
  }

  private int port(String option, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw wrong(option + " must be 0 to " + MAX_PORT + ": " + port);
    }
    return port;
  }

  private int atLeastOne(String option, int number) {
    if (number < 1) {
      throw wrong(option + " must be at least 1: " + number);
    }
    return number;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
