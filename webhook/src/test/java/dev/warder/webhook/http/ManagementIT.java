package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.webhook.registry.PolicyRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ManagementIT {
  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void isAliveAndReadyOnceAllConditionsAreMet() {
    assertThat(server.management("/livez").statusCode()).isEqualTo(200);
    assertThat(server.management("/readyz").statusCode()).isEqualTo(200);

    server.readiness.expect("policies loaded");
    var unready = server.management("/readyz");
    assertThat(unready.statusCode()).isEqualTo(503);
    assertThat(unready.body()).contains("policies loaded");
    assertThat(server.management("/livez").statusCode()).isEqualTo(200);

    server.readiness.met("policies loaded");
    assertThat(server.management("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void tellsPrometheusAboutRequestsAndTheProcess() {
    server.post("/validate/nobody", "{}");

    var metrics = server.management("/metrics");

    assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("jvm_memory_used_bytes", "process_uptime_seconds", "warder_policies_served")
        .contains("warder_evaluation_overruns_total{budget=\"time\"} 0.0")
        .contains("warder_overloaded_requests_total{cause=\"queue_full\"} 0.0");
    assertThat(server.metric("warder_http_refusals_total", "status=\"422\"")).isEqualTo(1);
    assertThat(
            server.metric("warder_request_phase_seconds_bucket", "phase=\"total\"", "le=\"0.01\""))
        .isNotNegative();
  }

  @Test
  void hasNoOtherPathsAndMethods() {
    assertThat(server.management("/validate/x").statusCode()).isEqualTo(404);
    var post =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.server.managementPort() + "/readyz"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(server.send(post).statusCode()).isEqualTo(405);
  }

  @Test
  void saysWhichPortIsTaken() {
    var taken =
        AdmissionServer.start(
            new AdmissionServerOptions(
                "127.0.0.1", server.server.port(), 0, AdmissionLimits.defaults()),
            new PolicyRegistry(),
            server.authority.issue("EC"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new Readiness());

    assertThat(taken).isInstanceOf(Outcome.Failed.class);
    if (taken instanceof Outcome.Failed<AdmissionServer>(Failure(var reason, var message))) {
      assertThat(reason).isEqualTo(Reason.WebhookNotListening);
      assertThat(message).contains(String.valueOf(server.server.port()));
    }
  }
}
