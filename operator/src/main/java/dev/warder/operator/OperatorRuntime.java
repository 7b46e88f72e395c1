package dev.warder.operator;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.operator.certificate.CertificateBundle;
import dev.warder.operator.certificate.WebhookCertificate;
import dev.warder.operator.policy.ClusterAdmissionPolicyReconciler;
import dev.warder.operator.policyserver.PolicyServerWatch;
import dev.warder.operator.revision.Revisions;
import dev.warder.operator.status.PolicyEvents;
import dev.warder.operator.status.PolicyStatuses;
import dev.warder.operator.webhookconfig.WebhookTarget;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.tuf.PublicTrustRoot;
import dev.warder.policy.tuf.TrustRootRefresh;
import dev.warder.policy.tuf.TrustRootSource;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.webhook.http.AdmissionLimits;
import dev.warder.webhook.http.AdmissionServer;
import dev.warder.webhook.http.AdmissionServerOptions;
import dev.warder.webhook.http.Readiness;
import dev.warder.webhook.metrics.TrustRootMeters;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.tls.TlsMaterial;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running instance of Warder: the webhook and the reconcilers, in one process. */
public final class OperatorRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRuntime.class);
  private static final String FINALIZER = "policies.warder.dev/webhook";
  private static final String RESTORED = "last good policies restored";
  private static final String WATCHING = "policies watched";
  private static final Duration CERTIFICATE_CHECK = Duration.ofHours(12);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final Readiness readiness = new Readiness();

  /** Closed last to first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private int webhookPort;
  private int managementPort;

  private OperatorRuntime(OperatorConfig config, KubernetesClient client) {
    this.config = config;
    this.client = client;
  }

  /**
   * Starts an instance; when this returns it serves what was served before and watches policies.
   * The client is not closed by the runtime.
   */
  public static Outcome<OperatorRuntime> start(OperatorConfig config, KubernetesClient client) {
    var runtime = new OperatorRuntime(config, client);
    var started = runtime.guarded();
    if (started instanceof Outcome.Failed) {
      runtime.close();
    }
    return started;
  }

  /** The bound port of the webhook. */
  public int webhookPort() {
    return webhookPort;
  }

  /** The bound port of probes and metrics. */
  public int managementPort() {
    return managementPort;
  }

  private Outcome<OperatorRuntime> guarded() {
    try {
      client
          .resources(ClusterAdmissionPolicy.class)
          .list(new ListOptionsBuilder().withLimit(1L).build());
    } catch (KubernetesClientException e) {
      return Outcome.failed(
          Reason.ClusterRequestFailed,
          e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
              ? "The cluster does not know ClusterAdmissionPolicy; install the custom resource:"
                  + " kubectl apply --server-side -f config/crd"
              : "Cannot list policies at " + client.getMasterUrl() + ": " + e.getMessage());
    }
    try {
      return assemble();
    } catch (KubernetesClientException | OperatorException e) {
      return Outcome.failed(
          Reason.ClusterRequestFailed,
          "A request to the API server at %s failed: %s"
              .formatted(client.getMasterUrl(), e.getMessage()));
    } catch (UncheckedIOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "Cannot use %s as the module store: %s".formatted(config.store(), e.getMessage()));
    }
  }

  private Outcome<OperatorRuntime> assemble() {
    readiness.expect(RESTORED);
    readiness.expect(WATCHING);
    var clock = Clock.systemUTC();
    var registry = new PolicyRegistry();
    // Opened before the server and so closed after it: accepted requests need it to the end.
    var engine = opened(new WasiEngine(config.programs()));
    var host = opened(new PolicyHost(client, config, clock));
    var certificate =
        new WebhookCertificate(
            client, clock, config.instance(), config.namespace(), config.endpoint());
    var bundle = certificate.ensure();
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return AdmissionServer.start(serverOptions(), registry, tls(bundle), meters, readiness)
        .map(
            server -> {
              parts.push(server);
              webhookPort = server.port();
              managementPort = server.managementPort();
              renewing(certificate, bundle, server);
              operate(registry, engine, host, bundle, clock, meters);
              server.warmUp(config.warmUpCpu());
              return this;
            });
  }

  private void operate(
      PolicyRegistry registry,
      WasiEngine engine,
      PolicyHost host,
      CertificateBundle bundle,
      Clock clock,
      MeterRegistry meters) {
    var publicRoot = PublicTrustRoot.open(config.trustRoot(), config.store());
    var settings =
        opened(
            PolicyServerWatch.start(
                client,
                clock,
                config.instance(),
                config.namespace(),
                config.sources(),
                publicRoot));
    var sources = settings.get().settings().sources();
    var fetcher =
        opened(new ModuleFetcher(new ModuleStore(config.store()), config.fetchLimits(), sources));
    host.use(settings.get().settings(), publicRoot::getAsNeeded);
    ContextMetrics.register(meters, host.services(), host.context());
    var preparer =
        new PolicyPreparer(fetcher, engine, new SignatureStore(config.store()), host.services());
    var revisions =
        opened(
            new Revisions(
                client, config.namespace(), config.instance(), registry, config.budgets()));
    revisions.restore(preparer, settings.get());
    readiness.met(RESTORED);

    var target =
        new WebhookTarget(config.endpoint(), config.namespace(), webhookPort, bundle.authority());
    var events = new PolicyEvents(client, clock, config.instance());
    var reconciler =
        opened(
            new ClusterAdmissionPolicyReconciler(
                config,
                target,
                preparer,
                revisions,
                new PolicyStatuses(clock, events),
                events,
                settings));
    settings.onChange(
        changed -> {
          fetcher.use(changed.settings().sources());
          host.use(changed.settings(), publicRoot::getAsNeeded);
          reconciler.trustChanged();
        });
    host.context().onChange(reconciler::contextChanged);
    var operator =
        new Operator(
            overrides ->
                overrides
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .checkingCRDAndValidateLocalModel(false));
    operator.register(
        reconciler,
        overrides ->
            overrides
                .withName("warder")
                .withFieldManager(Labels.WARDER)
                .withFinalizer(FINALIZER)
                .withRetry(retry())
                .withGenerationAware(false)
                .withOnUpdateFilter(ClusterAdmissionPolicyReconciler::asksForMore)
                .withGenericFilter(reconciler::ours));
    parts.push(operator::stop);
    operator.start();
    OrphanSweep.run(client, config.instance(), revisions, () -> policies(reconciler));
    readiness.met(WATCHING);
    config
        .trustRoot()
        .ifPresent(source -> refreshing(publicRoot, source, settings, fetcher, meters));
    LOG.info(
        "Warder instance {} serves on port {}, probes and metrics on {}",
        config.instance(),
        webhookPort,
        managementPort);
  }

  /** Only now that everything serves: nothing waits for this. */
  private void refreshing(
      PublicTrustRoot publicRoot,
      TrustRootSource source,
      PolicyServerWatch settings,
      ModuleFetcher fetcher,
      MeterRegistry meters) {
    var refresh =
        opened(
            new TrustRootRefresh(
                publicRoot,
                source.repository(),
                fetcher::files,
                () ->
                    settings
                        .get()
                        .settings()
                        .required()
                        .filter(policy -> policy.goesBy(publicRoot.get()))
                        .isPresent(),
                settings::lookAgain,
                Clock.systemUTC()));
    TrustRootMeters.register(meters, refresh);
    settings.onChange(_ -> refresh.look());
    refresh.look();
  }

  /** Requests to the API server are tried again for as long as it takes. */
  private static Retry retry() {
    return new GenericRetry()
        .setInitialInterval(FIRST_RETRY)
        .setIntervalMultiplier(2)
        .setMaxInterval(LAST_RETRY.toMillis())
        .withoutMaxAttempts();
  }

  private Set<String> policies(ClusterAdmissionPolicyReconciler reconciler) {
    return client.resources(ClusterAdmissionPolicy.class).list().getItems().stream()
        .filter(reconciler::ours)
        .map(policy -> policy.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private void renewing(
      WebhookCertificate certificate, CertificateBundle first, AdmissionServer server) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("certificate").factory());
    parts.push(timer::shutdownNow);
    var _ =
        timer.scheduleWithFixedDelay(
            new CertificateRenewal(certificate, first, server),
            CERTIFICATE_CHECK.toMinutes(),
            CERTIFICATE_CHECK.toMinutes(),
            TimeUnit.MINUTES);
  }

  private AdmissionServerOptions serverOptions() {
    return new AdmissionServerOptions(
        config.bindAddress(),
        config.webhookPort(),
        config.managementPort(),
        AdmissionLimits.defaults().withPool(config.workers(), config.queue()));
  }

  static TlsMaterial tls(CertificateBundle bundle) {
    return new TlsMaterial(bundle.certificate(), bundle.key());
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** Stops watching first, then finishes what the webhook has accepted. */
  @Override
  public void close() {
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
