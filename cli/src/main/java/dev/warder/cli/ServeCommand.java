package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Failures;
import dev.warder.cli.serve.Report;
import dev.warder.cli.serve.ServeConfig;
import dev.warder.cli.serve.ServeRuntime;
import dev.warder.cli.serve.TlsFiles;
import dev.warder.cli.serve.TrustFiles;
import dev.warder.policy.verify.VerificationLoss;
import dev.warder.webhook.http.AdmissionServerOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The admission server without a cluster. */
@Command(
    name = "serve",
    description = "Serves the policies of a file, without a cluster, as policy-server does.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    defaultValueProvider = PolicyServerDefaults.class,
    footer = {
      "",
      "Every option has a twin in the environment: --cert-file is WARDER_CERT_FILE; those of",
      "policy-server also KUBEWARDEN_CERT_FILE and so on. The option wins.",
      "SIGHUP, and a change of the file, read the policies again; a change of certificate, key,",
      "client authorities, sources, credentials or verification config is noticed too. SIGTERM",
      "ends it gracefully.",
      "",
      "Example:",
      "  warder serve --policies policies.yml --cert-file tls.crt --key-file tls.key"
    })
final class ServeCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--policies",
      paramLabel = "FILE",
      defaultValue = "policies.yml",
      description = "The policies, as policy-server has them (default: ${DEFAULT-VALUE}).")
  private Path policies;

  @Option(
      names = "--addr",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Where both ports listen (default: ${DEFAULT-VALUE}).")
  private String address;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "3000",
      description = "For requests; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--readiness-probe-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description = {
        "HTTP with /readiness, /readyz, /livez, /metrics; 0 takes a free one",
        "(default: ${DEFAULT-VALUE})."
      })
  private int readinessPort;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      description = "The server's certificate, PEM; without one requests come by plain HTTP.")
  private @Nullable Path certificate;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Its key, PEM, PKCS#8 (BEGIN PRIVATE KEY).")
  private @Nullable Path key;

  @Option(
      names = "--client-ca-file",
      paramLabel = "FILE",
      split = ",",
      description = {
        "Clients must show a certificate that one of these authorities has signed.",
        "Can be repeated."
      })
  private List<Path> clientAuthorities = new ArrayList<>();

  @Mixin private FetchOptions fetch;

  @Option(
      names = "--policies-download-dir",
      paramLabel = "FOLDER",
      description = "The same as --store, which wins, as policy-server calls it.")
  private @Nullable Path downloads;

  @Mixin private VerificationOptions verification;

  @Option(
      names = "--on-verification-loss",
      paramLabel = "keep|reject",
      defaultValue = "keep",
      description = {
        "What becomes of a served policy whose module no longer passes, as the verification config",
        "or the trust root has changed: keep goes on serving it, and says so in the log; reject",
        "answers 503, so that the webhook's failurePolicy decides (default: ${DEFAULT-VALUE})."
      })
  private VerificationLoss onLoss;

  @Mixin private TrustRootOptions trustRoot;

  @Mixin private EvaluationOptions evaluation;

  @Option(
      names = "--policy-timeout",
      paramLabel = "SECONDS",
      description = "The same as --eval-timeout, over which it wins, as policy-server calls it.")
  private @Nullable Integer policyTimeout;

  @Option(
      names = "--fail-fast",
      description = {
        "End with 1 if one policy cannot be served at the start; without it the others are",
        "served, and requests for that one are refused with the reason."
      })
  private boolean failFast;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = "How the outcome of the start is printed (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Mixin private ClusterOptions cluster;

  @Mixin private LogOptions log;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var config = config();
    log.apply();
    PolicyServerDefaults.ignored(System.getenv())
        .forEach(
            name ->
                LoggerFactory.getLogger(ServeCommand.class)
                    .warn("{} is set and has no meaning here: see docs/serve.md", name));
    var runtime = Failures.valueOf(ServeRuntime.start(config));
    print(runtime);
    if (runtime.failed()) {
      runtime.close();
      throw new CommandFailedException(
          "not all policies can be served, and --fail-fast asks for all or nothing");
    }
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("graceful-stop").unstarted(runtime::close));
    Thread.currentThread().join();
    return CommandLine.ExitCode.OK;
  }

  private void print(ServeRuntime runtime) {
    var out = spec.commandLine().getOut();
    var document =
        Report.json(runtime.reports())
            .put("port", runtime.port())
            .put("readinessProbePort", runtime.managementPort());
    // In a line, as whoever started it may be waiting for that line.
    output.printOne(
        out,
        document,
        () -> {
          out.print(Report.table(runtime.reports()));
          out.printf(
              "%nServing on port %d, readiness and metrics on %d.%n",
              runtime.port(), runtime.managementPort());
        });
  }

  ServeConfig config() {
    try {
      return new ServeConfig(
          policies.toAbsolutePath(),
          new AdmissionServerOptions(
              address,
              port("--port", port),
              port("--readiness-probe-port", readinessPort),
              evaluation.limits()),
          tls(),
          fetch.storeOr(downloads),
          fetch.programs(fetch.storeOr(downloads)),
          evaluation.fetchLimits(),
          new TrustFiles(
              fetch.sourceFiles(SourceOptions.Who.SERVICE), verification.files(), onLoss),
          trustRoot.source(),
          policyTimeout == null
              ? evaluation.budget()
              : evaluation.budget().withTime(Duration.ofSeconds(policyTimeout)),
          evaluation.warmUpCpu(),
          failFast,
          LOOK,
          cluster());
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** The one that is named, or the one that this process runs in. */
  private Optional<KubernetesClient> cluster() {
    return cluster.named() || System.getenv("KUBERNETES_SERVICE_HOST") != null
        ? Optional.of(cluster.client())
        : Optional.empty();
  }

  private Optional<TlsFiles> tls() {
    if (certificate == null && key == null && clientAuthorities.isEmpty()) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw wrong("--cert-file and --key-file belong together, and --client-ca-file needs both");
    }
    return Optional.of(new TlsFiles(certificate, key, clientAuthorities));
  }

  private int port(String option, int number) {
    if (number < 0 || number > MAX_PORT) {
      throw wrong(option + " must be 0 to " + MAX_PORT + ": " + number);
    }
    return number;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
