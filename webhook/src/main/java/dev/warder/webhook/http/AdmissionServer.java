package dev.warder.webhook.http;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.tls.ServingCertificate;
import dev.warder.webhook.tls.TlsMaterial;
import dev.warder.webhook.warmup.WarmUp;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves verdicts over HTTPS (or plain HTTP), and probes and metrics over plain HTTP on a second
 * port. Event loops do nothing but TLS and HTTP; bodies are read and policies run on guest threads.
 */
public final class AdmissionServer implements AutoCloseable {
  /** The condition of {@link Readiness} that this server sets itself. */
  public static final String LISTENING = "webhook listening";

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);
  private static final Duration STEP_TIME = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final AdmissionLimits limits;
  private final Readiness readiness;
  private final EvaluationPool pool;
  private final WebhookMetrics metrics;
  private final boolean encrypted;
  private final HttpServer admission;
  private final HttpServer management;
  private final PolicyRegistry policies;
  private @Nullable WarmUp warmUp;

  private AdmissionServer(
      Vertx vertx,
      AdmissionServerOptions options,
      PolicyRegistry policies,
      Optional<ServingCertificate> certificate,
      PrometheusMeterRegistry meters,
      Readiness readiness) {
    this.vertx = vertx;
    this.policies = policies;
    this.limits = options.limits();
    this.readiness = readiness;
    this.metrics = new WebhookMetrics(meters, policies);
    this.pool =
        new EvaluationPool(
            limits.workers(),
            limits.queuedRequests(),
            aside -> GuestThreads.factory("evaluation", aside));
    var gate = new ByteGate(limits.heldBodyBytes());
    var desk = new ReviewDesk(policies, new Judge(policies, metrics), pool, gate, metrics);
    var config = http(options, options.port());
    this.encrypted = certificate.isPresent();
    this.admission =
        certificate
            .map(found -> vertx.createHttpServer(config, Tls.options(found)))
            .orElseGet(() -> vertx.createHttpServer(config))
            .invalidRequestHandler(InvalidRequests::refuse)
            .requestHandler(new AdmissionRouter(vertx, limits, desk).router());
    this.management =
        vertx
            .createHttpServer(http(options, options.managementPort()))
            .invalidRequestHandler(InvalidRequests::refuse);
    metrics.gauge("warder_queued_requests", "Requests that wait for a worker", pool::queued);
    metrics.gauge("warder_running_requests", "Requests that a worker is busy with", pool::running);
    metrics.gauge(
        "warder_waiting_requests",
        "Requests whose policy waits in a host call, without a worker",
        pool::waiting);
    metrics.gauge("warder_held_body_bytes", "Bytes of request bodies in memory", gate::held);
  }

  /** Opens both ports. The condition {@link #LISTENING} is met from then on. */
  public static Outcome<AdmissionServer> start(
      AdmissionServerOptions options,
      PolicyRegistry policies,
      TlsMaterial tls,
      PrometheusMeterRegistry meters,
      Readiness readiness) {
    return tls.check()
        .then(certificate -> start(options, policies, Optional.of(certificate), meters, readiness));
  }

  /** The same without TLS: only for what is behind something that has it, and for trials. */
  public static Outcome<AdmissionServer> startWithoutTls(
      AdmissionServerOptions options,
      PolicyRegistry policies,
      PrometheusMeterRegistry meters,
      Readiness readiness) {
    return start(options, policies, Optional.empty(), meters, readiness);
  }

  private static Outcome<AdmissionServer> start(
      AdmissionServerOptions options,
      PolicyRegistry policies,
      Optional<ServingCertificate> certificate,
      PrometheusMeterRegistry meters,
      Readiness readiness) {
    readiness.expect(LISTENING);
    var server = new AdmissionServer(vertx(), options, policies, certificate, meters, readiness);
    try {
      server.listen();
      FirstCalls.decode();
      certificate.ifPresent(own -> FirstCalls.connect(options.host(), server.port(), own));
      readiness.met(LISTENING);
      return Outcome.done(server);
    } catch (Waiting.FailedException e) {
      server.release();
      return Outcome.failed(
          Reason.WebhookNotListening,
          "Cannot listen on %s, ports %d and %d: %s. Free the ports or choose others."
              .formatted(options.host(), options.port(), options.managementPort(), e.getMessage()));
    }
  }

  private void listen() throws Waiting.FailedException {
    var loop = vertx.getOrCreateContext();
    management.requestHandler(new ManagementRouter(vertx, loop, readiness, metrics).router());
    var listening = Promise.<HttpServer>promise();
    loop.runOnContext(now -> admission.listen().onComplete(listening));
    Waiting.await(listening.future(), STEP_TIME);
    Waiting.await(management.listen(), STEP_TIME);
  }

  /**
   * Warms up what is served, now and later, until the server is closed; to be called once at most.
   *
   * @param cpuBudget for each program; zero for no warm-up
   */
  public synchronized void warmUp(Duration cpuBudget) {
    if (cpuBudget.isPositive()) {
      warmUp = WarmUp.start(policies, () -> pool.queued() + pool.running() > 0, cpuBudget, metrics);
    }
  }

  private synchronized void endWarmUp() {
    if (warmUp != null) {
      warmUp.close();
    }
  }

  /** The port of the admission server in use. */
  public int port() {
    return admission.actualPort();
  }

  /** The plain HTTP port in use. */
  public int managementPort() {
    return management.actualPort();
  }

  /**
   * New connections get this certificate; those that are open go on. If it cannot be used, the
   * former one stays.
   *
   * @throws IllegalStateException if the server was started without TLS
   */
  public Outcome<ServingCertificate> rotate(TlsMaterial tls) {
    return tls.check().then(this::rotate);
  }

  private Outcome<ServingCertificate> rotate(ServingCertificate certificate) {
    if (!encrypted) {
      throw new IllegalStateException("the server was started without TLS");
    }
    try {
      Waiting.await(admission.updateSSLOptions(Tls.options(certificate)), STEP_TIME);
      LOG.info(
          "serving certificate {} valid until {}", certificate.serial(), certificate.notAfter());
      return Outcome.done(certificate);
    } catch (Waiting.FailedException e) {
      return Outcome.failed(
          Reason.ServingCertificateInvalid,
          "The serving certificate cannot be used: " + e.getMessage() + ".");
    }
  }

  /**
   * Says that it is not ready, accepts no more connections, answers what it has accepted (for at
   * most {@link AdmissionLimits#stopTime()}) and closes.
   */
  @Override
  public void close() {
    readiness.unmet(LISTENING);
    endWarmUp();
    try {
      Waiting.await(admission.shutdown(limits.stopTime()), limits.stopTime().plus(STEP_TIME));
    } catch (Waiting.FailedException e) {
      LOG.warn("the admission server did not close in order", e);
    }
    release();
  }

  private void release() {
    pool.close();
    metrics.close();
    try {
      Waiting.await(vertx.close(), STEP_TIME);
    } catch (Waiting.FailedException e) {
      LOG.warn("the event loops did not close in order", e);
    }
  }

  private static Vertx vertx() {
    // One loop for admission, one for management. Nothing is unpacked to disk: the root file system
    // may be read-only.
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(2)
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  // The API server speaks HTTP/1.1 to webhooks, so HTTP/2 would only be more surface.
  private static HttpServerConfig http(AdmissionServerOptions options, int port) {
    return new HttpServerConfig()
        .setVersions(EnumSet.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1))
        .setTcpHost(options.host())
        .setTcpPort(port)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeout(options.limits().idleTime());
  }
}
