package dev.warder.cli.serve;

import dev.warder.cli.common.LocalHost;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.tuf.PublicTrustRoot;
import dev.warder.policy.tuf.TrustRootRefresh;
import dev.warder.policy.tuf.TrustRootSource;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.webhook.http.AdmissionServer;
import dev.warder.webhook.http.Readiness;
import dev.warder.webhook.metrics.TrustRootMeters;
import dev.warder.webhook.registry.PolicyRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server without a cluster. */
public final class ServeRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServeRuntime.class);
  private static final String PREPARED = "policies prepared";

  private final ServeConfig config;
  private final Readiness readiness = new Readiness();
  private final ScheduledExecutorService policyThread = thread("policies");
  private final ScheduledExecutorService tlsThread = thread("certificate");

  /** Closed last to first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Supplier<List<PolicyReport>> reports = List::of;
  private boolean failed;
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

  /** What has become of each policy. */
  public List<PolicyReport> reports() {
    return reports.get();
  }

  /** Whether a bad policy ends it, as it was told. */
  public boolean failed() {
    return failed;
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
    var publicRoot = PublicTrustRoot.open(config.trustRoot(), config.store());
    return switch (TrustWatch.start(config.trust(), publicRoot)) {
      case Outcome.Failed<TrustWatch>(var failure) -> new Outcome.Failed<>(failure);
      case Outcome.Done<TrustWatch>(var trust) -> assemble(entries, content, trust, publicRoot);
    };
  }

  private Outcome<ServeRuntime> assemble(
      List<Entry> entries, List<byte[]> content, TrustWatch trust, PublicTrustRoot publicRoot)
      throws InterruptedException {
    var registry = new PolicyRegistry();
    var said = trust.get();
    var host =
        opened(
            LocalHost.forServing(config.cluster(), said.sources(), imageTrust(said, publicRoot)));
    // Opened before the server and so closed after it: accepted requests need it to the end.
    WasiEngine engine;
    ModuleFetcher fetcher;
    try {
      engine = opened(new WasiEngine(config.programs()));
      fetcher =
          opened(
              new ModuleFetcher(
                  new ModuleStore(config.store()), config.fetchLimits(), said.sources()));
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
                Requirement.of(said.required()),
                config.trust().onLoss()));
    served.announce(entries);
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return switch (listen(registry, meters)) {
      case Outcome.Failed<AdmissionServer>(var failure) -> new Outcome.Failed<>(failure);
      case Outcome.Done<AdmissionServer>(var server) -> {
        port = server.port();
        managementPort = server.managementPort();
        reports = served::reports;
        failed =
            served.serve(entries).stream().anyMatch(one -> one.failure().isPresent())
                && config.failFast();
        readiness.met(PREPARED);
        server.warmUp(config.warmUpCpu());
        if (!failed) {
          var reload = new Reload(config.policies(), served, policyThread, entries, content);
          Consumer<TrustFiles.Said> changed =
              now -> {
                LOG.info("other modules are accepted from now on: all are judged again");
                fetcher.use(now.sources());
                host.use(now.sources(), imageTrust(now, publicRoot));
                served.require(Requirement.of(now.required()));
                reload.again();
              };
          watch(reload, trust, changed);
          config
              .trustRoot()
              .ifPresent(source -> refresh(source, publicRoot, fetcher, trust, changed, meters));
        }
        yield Outcome.done(this);
      }
    };
  }

  private static Supplier<TrustRoot> imageTrust(TrustFiles.Said said, PublicTrustRoot publicRoot) {
    return SignaturePolicy.trustRootOr(said.required(), publicRoot::getAsNeeded);
  }

  /** Only now that everything serves: nothing waits for this. */
  private void refresh(
      TrustRootSource source,
      PublicTrustRoot publicRoot,
      ModuleFetcher fetcher,
      TrustWatch trust,
      Consumer<TrustFiles.Said> changed,
      MeterRegistry meters) {
    var refresh =
        opened(
            new TrustRootRefresh(
                publicRoot,
                source.repository(),
                fetcher::files,
                () -> trust.get().goesBy(publicRoot.get()),
                () -> policyThread.execute(() -> guarded(() -> trust.again(changed))),
                Clock.systemUTC()));
    TrustRootMeters.register(meters, refresh);
    refresh.look();
  }

  private Outcome<AdmissionServer> listen(PolicyRegistry registry, PrometheusMeterRegistry meters) {
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

  private void watch(Reload reload, TrustWatch trust, Consumer<TrustFiles.Said> changed) {
    every(policyThread, reload::look);
    every(policyThread, () -> trust.look(changed));
    HangUp.handle(
        () ->
            policyThread.execute(
                () ->
                    guarded(
                        () -> {
                          trust.again(changed);
                          reload.now();
                        })));
    reload.retryLater(1);
  }

  private void every(ScheduledExecutorService thread, Runnable task) {
    var pause = config.look().toMillis();
    var _ = thread.scheduleWithFixedDelay(() -> guarded(task), pause, pause, TimeUnit.MILLISECONDS);
  }

  /** A task that throws would never be called again. */
  static void guarded(Runnable task) {
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
