package dev.warder.webhook.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import dev.warder.webhook.tls.TestAuthority;
import dev.warder.webhook.tls.TlsMaterial;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/** A server on free ports of the loopback interface, and clients that trust its certificate. */
final class TestServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final PolicyRegistry policies = new PolicyRegistry();
  final Readiness readiness = new Readiness();
  final TestAuthority authority = new TestAuthority();
  final AdmissionServer server;
  final HttpClient client;

  private TestServer(AdmissionLimits limits) {
    server =
        started(
            AdmissionServer.start(
                new AdmissionServerOptions("127.0.0.1", 0, 0, limits),
                policies,
                authority.issue("EC"),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                readiness));
    client = newClient();
  }

  static TestServer start() {
    return start(AdmissionLimits.defaults());
  }

  static TestServer start(AdmissionLimits limits) {
    return new TestServer(limits);
  }

  /** A client without open connections. */
  HttpClient newClient() {
    return HttpClient.newBuilder()
        .sslContext(authority.trust())
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  private static AdmissionServer started(Outcome<AdmissionServer> outcome) {
    return switch (outcome) {
      case Outcome.Done<AdmissionServer>(var server) -> server;
      case Outcome.Failed<AdmissionServer>(var failure) -> throw new AssertionError(failure);
    };
  }

  /** Serves a policy in mode protect that may not mutate. */
  void serve(String id, PreparedPolicy policy) {
    serve(id, policy, new PolicyRules(PolicyMode.PROTECT, false, Optional.empty(), id));
  }

  void serve(String id, PreparedPolicy policy, PolicyRules rules) {
    serve(id, policy, rules, TestPolicies.PATIENT);
  }

  void serve(String id, PreparedPolicy policy, PolicyRules rules, EvaluationBudget budget) {
    policies.publish(new ServedPolicy(new PolicyId(id), 1, policy, rules, budget));
  }

  void serve(String id, PreparedPolicy policy, Duration time) {
    serve(
        id,
        policy,
        new PolicyRules(PolicyMode.PROTECT, false, Optional.empty(), id),
        EvaluationBudget.defaults().withTime(time));
  }

  /** An AdmissionReview around a request. */
  static String review(String request) {
    return "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":"
        + request
        + "}";
  }

  /** Asks with the longest timeout that the API server can have, unless the path names one. */
  HttpRequest.Builder to(String path) {
    var timed = path.contains("?") ? path : path + "?timeout=30s";
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + timed))
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> post(String path, String body) {
    return send(to(path).POST(BodyPublishers.ofString(body)).build());
  }

  CompletableFuture<HttpResponse<String>> postAsync(String path, String body) {
    return client.sendAsync(
        to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest request) {
    return send(client, request);
  }

  static HttpResponse<String> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The member {@code response} of an answer that must be a verdict. */
  static JsonNode verdict(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new AssertionError("no verdict: " + response.statusCode() + " " + response.body());
    }
    return json(response.body()).path("response");
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the management port says. */
  HttpResponse<String> management(String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.managementPort() + path))
            .timeout(Duration.ofSeconds(60))
            .build());
  }

  /** The sum of all series of this name with these labels; 0 if there is none. */
  double metric(String name, String... labels) {
    return management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  Outcome<?> rotate(TlsMaterial material) {
    return server.rotate(material);
  }

  /** A bare connection, its handshake done. */
  SSLSocket connect() throws IOException {
    var socket =
        (SSLSocket) authority.trust().getSocketFactory().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(30_000);
    socket.startHandshake();
    return socket;
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
  }
}
