package dev.warder.cli.serve;

import dev.warder.cli.common.LocalHost;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.webhook.http.AdmissionServer;
import dev.warder.webhook.http.Readiness;
import dev.warder.webhook.registry.PolicyRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server without a cluster. */
public final class ServeRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServeRuntime.class);
  private static final String PREPARED = "policies prepared";
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final ServeConfig config;
  private final Readiness readiness = new Readiness();
  private final ScheduledExecutorService policyThread = thread("policies");
  private final ScheduledExecutorService tlsThread = thread("certificate");

  /** Closed last to first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private List<PolicyReport> firstReports = List.of();
  private int port;
  private int managementPort;

  private ServeRuntime(ServeConfig config) {
    this.config = config;
  }

  /**
   * Opens the ports, prepares the policies of the file, and is ready when this returns. Until a
   * policy is prepared, requests for it get status 503.
   */
  public static Outcome<ServeRuntime> start(ServeConfig config) throws InterruptedException {
    var runtime = new ServeRuntime(config);
    var started = runtime.assemble();
    if (started instanceof Outcome.Failed) {
      runtime.close();
    }
    return started;
  }

  /** The bound port of the admission server. */
  public int port() {
    return port;
  }

  /** The bound port of probes and metrics. */
  public int managementPort() {
    return managementPort;
  }

  /** What became of each policy at the start. */
  public List<PolicyReport> reports() {
    return firstReports;
  }

  /** Whether a bad policy ends it, as it was told. */
  public boolean failed() {
    return config.failFast() && firstReports.stream().anyMatch(one -> one.failure().isPresent());
  }

  private Outcome<ServeRuntime> assemble() throws InterruptedException {
    readiness.expect(PREPARED);
    List<byte[]> content;
    try {
      content = FileWatch.read(List.of(config.policies()));
    } catch (IOException e) {
      return Outcome.failed(
          Reason.PoliciesFileInvalid, "%s cannot be read: %s".formatted(config.policies(), e));
    }
    return switch (PoliciesFile.parse(content.getFirst())) {
      case Outcome.Failed<List<Entry>>(var failure) ->
          Outcome.failed(failure.reason(), config.policies() + ": " + failure.message());
      case Outcome.Done<List<Entry>>(var entries) -> assemble(entries, content);
    };
  }

  private Outcome<ServeRuntime> assemble(List<Entry> entries, List<byte[]> content)
      throws InterruptedException {
    var registry = new PolicyRegistry();
    var host = opened(LocalHost.forServing(config.cluster(), config.sources()));
    // Opened before the server and so closed after it: accepted requests need it to the end.
    WasiEngine engine;
    ModuleFetcher fetcher;
    try {
      engine = opened(new WasiEngine(config.programs()));
      fetcher =
          opened(
              new ModuleFetcher(
                  new ModuleStore(config.store()), config.fetchLimits(), config.sources()));
    } catch (UncheckedIOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "Cannot use %s as the module store: %s".formatted(config.store(), e.getMessage()));
    }
    var served =
        opened(
            new ServedFile(
                registry,
                new PolicyPreparer(
                    fetcher, engine, new SignatureStore(config.store()), host.services()),
                config.budget(),
                config.requirement()));
    served.announce(entries);
    return switch (listen(registry)) {
      case Outcome.Failed<AdmissionServer>(var failure) -> new Outcome.Failed<>(failure);
      case Outcome.Done<AdmissionServer>(var server) -> {
        port = server.port();
        managementPort = server.managementPort();
        firstReports = served.serve(entries);
        readiness.met(PREPARED);
        server.warmUp(config.warmUpCpu());
        if (!failed()) {
          watch(new Reload(served, entries, content));
        }
        yield Outcome.done(this);
      }
    };
  }

  private Outcome<AdmissionServer> listen(PolicyRegistry registry) {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    if (config.tls().isEmpty()) {
      LOG.warn(
          "NO TLS: requests are served over PLAIN HTTP, which no API server will call and everybody"
              + " on the network can read and change; give --cert-file and --key-file");
      return AdmissionServer.startWithoutTls(config.server(), registry, meters, readiness)
          .map(this::opened);
    }
    return config
        .tls()
        .get()
        .load()
        .then(
            loaded ->
                AdmissionServer.start(
                        config.server(), registry, loaded.material(), meters, readiness)
                    .map(
                        server -> {
                          every(tlsThread, () -> TlsFiles.renew(loaded.watch(), server));
                          return opened(server);
                        }));
  }

  private void watch(Reload reload) {
    every(policyThread, reload::look);
    HangUp.handle(() -> policyThread.execute(() -> guarded(reload::now)));
    reload.retryLater(firstReports, 1);
  }

  /** Lives on the policies' thread. */
  private final class Reload {
    private final ServedFile served;
    private final FileWatch watch;
    private List<Entry> entries;
    private long edition;

    private Reload(ServedFile served, List<Entry> entries, List<byte[]> content) {
      this.served = served;
      this.entries = entries;
      this.watch = new FileWatch(List.of(config.policies()), content);
    }

    private void look() {
      watch.look().ifPresent(content -> take(content.getFirst()));
    }

    /** Whether or not the file has changed: what failed is tried again. */
    private void now() {
      LOG.info("SIGHUP: reading {} again", config.policies());
      try {
        take(FileWatch.read(List.of(config.policies())).getFirst());
      } catch (IOException e) {
        LOG.error("{} cannot be read, so everything stays as it is: {}", config.policies(), e);
      }
    }

    private void take(byte[] content) {
      switch (PoliciesFile.parse(content)) {
        case Outcome.Failed<List<Entry>>(var failure) ->
            LOG.error(
                "{}: {}: {} Everything stays as it is.",
                config.policies(),
                failure.reason(),
                failure.message());
        case Outcome.Done<List<Entry>>(var read) -> {
          entries = read;
          edition++;
          served.forgetFailures();
          serve(1);
        }
      }
    }

    private void serve(int attempt) {
      try {
        var reports = served.serve(entries);
        LOG.info("serving {}:\n{}", config.policies(), Report.table(reports).stripTrailing());
        retryLater(reports, attempt);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** What may yet succeed is tried again, ever more slowly. */
    private void retryLater(List<PolicyReport> reports, int attempt) {
      var again =
          reports.stream()
              .flatMap(report -> report.failure().stream())
              .anyMatch(failure -> failure.retryable());
      if (!again || policyThread.isShutdown()) {
        return;
      }
      var delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 1, 10));
      var tried = edition;
      var _ =
          policyThread.schedule(
              () ->
                  guarded(
                      () -> {
                        if (tried == edition) {
                          serve(attempt + 1);
                        }
                      }),
              Math.min(delay.toMillis(), LAST_RETRY.toMillis()),
              TimeUnit.MILLISECONDS);
    }
  }

  private void every(ScheduledExecutorService thread, Runnable task) {
    var pause = config.look().toMillis();
    var _ = thread.scheduleWithFixedDelay(() -> guarded(task), pause, pause, TimeUnit.MILLISECONDS);
  }

  /** A task that throws would never be called again. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("looking after the files failed; it goes on", e);
    }
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** Stops looking at files, finishes what the server has accepted, and closes. */
  @Override
  public void close() {
    policyThread.shutdownNow();
    tlsThread.shutdownNow();
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("Closing {} failed", part, e);
      }
    }
  }
}
