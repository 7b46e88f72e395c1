package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PolicyRules;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One worker and few places: who finds no room is told at once, in a verdict. */
@ExtendWith(TestPolicies.Resolver.class)
final class OverloadIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int BODY_LIMIT = 1 << 20;

  private final TestServer server =
      TestServer.start(
          new AdmissionLimits(
              1,
              2,
              BODY_LIMIT,
              BODY_LIMIT + BODY_LIMIT / 2,
              Duration.ofSeconds(30),
              Duration.ofSeconds(60),
              Duration.ofMillis(100)));
  private final String misbehave =
      review(request("no-latest-tag", "accept").replace("\"web\"", "\"misbehave\""));

  /** Not done as long as the worker is busy. */
  private CompletableFuture<HttpResponse<String>> busy = new CompletableFuture<>();

  @BeforeEach
  void serve(TestPolicies policies) {
    server.serve("looping", policies.hostile("endless-loop"), LONG);
    server.serve("good", policies.sample("no-latest-tag"));
    server.serve(
        "monitored",
        policies.sample("no-latest-tag"),
        new PolicyRules(PolicyMode.MONITOR, false, Optional.empty(), "monitored"));
    server.serve(
        "worded",
        policies.sample("no-latest-tag"),
        new PolicyRules(PolicyMode.PROTECT, false, Optional.of("ask somebody"), "worded"));
  }

  @AfterEach
  void close() {
    assertThat(busy).isNotDone();
    server.close();
  }

  @Test
  void refusesWithAVerdictWhenTheQueueIsFull() {
    assertThat(fill()).hasSize(2);

    var refused = server.post("/validate/looping", misbehave);

    assertOverloaded(refused);
    assertThat(server.metric("warder_overloaded_requests_total", "cause=\"queue_full\""))
        .isEqualTo(1);
  }

  @Test
  void makesRoomForAnotherPolicy() {
    var filling = fill();

    var other = server.postAsync("/validate/good?timeout=3s", good());

    var dropped = CompletableFuture.anyOf(filling.toArray(CompletableFuture[]::new)).join();
    assertOverloaded((HttpResponse<?>) dropped);
    assertOverloaded(other.join());
    assertThat(server.metric("warder_overloaded_requests_total", "cause=\"deadline\""))
        .isEqualTo(1);
  }

  @Test
  void refusesAtTheDeadlineOfTheCaller() {
    occupy();

    assertOverloaded(server.post("/validate/good?timeout=1s", good()));
    assertThat(server.metric("warder_overloaded_requests_total", "cause=\"deadline\""))
        .isEqualTo(1);
  }

  @Test
  void saysWhenTheCallersTimeoutEndedAnEvaluation() {
    var response = verdict(server.post("/validate/looping?timeout=2s", misbehave));

    assertThat(response.path("allowed").booleanValue()).isFalse();
    assertThat(response.at("/status/code").intValue()).isEqualTo(500);
    assertThat(response.at("/status/message").textValue()).contains("timeoutSeconds");
  }

  @Test
  void letsThroughWhatAMonitoringPolicyCannotJudge() {
    occupy();

    var response = verdict(server.post("/validate/monitored?timeout=1s", good()));
    assertThat(response.path("allowed").booleanValue()).isTrue();
    assertThat(response.has("status")).isFalse();

    var audited = verdict(server.post("/audit/monitored?timeout=1s", good()));
    assertThat(audited.at("/status/code").intValue()).isEqualTo(429);
  }

  @Test
  void theCustomMessageDoesNotHideTheOverload() {
    occupy();

    assertOverloaded(server.post("/validate/worded?timeout=1s", good()));
  }

  @Test
  void boundsTheBytesOfAllBodiesTogether() {
    occupy();
    var large = good().replaceFirst("\\}$", ",\"x\":\"" + "x".repeat(BODY_LIMIT - 20_000) + "\"}");
    var first = server.postAsync("/validate/good?timeout=20s", large);
    await().untilAsserted(() -> assertThat(held()).isGreaterThan(BODY_LIMIT - 20_000));

    assertOverloaded(server.post("/validate/good?timeout=20s", large));

    assertThat(server.metric("warder_overloaded_requests_total", "cause=\"body_bytes\""))
        .isEqualTo(1);
    assertThat(first).isNotDone();
  }

  @Test
  void forgetsTheRequestsOfClientsThatWentAway() throws IOException {
    occupy();
    var before = held();
    try (var http = new RawHttp(server.connect())) {
      http.send(
          "POST /validate/good?timeout=30s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + good().length()
              + "\r\n\r\n"
              + good());
      await().until(() -> server.metric("warder_queued_requests") == 1);
    }

    await().until(() -> server.metric("warder_queued_requests") == 0);
    assertThat(held()).isEqualTo(before);
  }

  /** The worker is busy for a long time. */
  private void occupy() {
    busy = server.postAsync("/validate/looping?timeout=30s", misbehave);
    await().until(() -> server.metric("warder_running_requests") == 1);
  }

  /** The worker is busy, and all places in the queue are taken. */
  private List<CompletableFuture<HttpResponse<String>>> fill() {
    occupy();
    var waiting =
        Stream.generate(() -> server.postAsync("/validate/looping?timeout=30s", misbehave))
            .limit(2)
            .toList();
    await().until(() -> server.metric("warder_queued_requests") == 2);
    return waiting;
  }

  private double held() {
    return server.metric("warder_held_body_bytes");
  }

  private static String good() {
    return review(request("no-latest-tag", "accept"));
  }

  private static void assertOverloaded(HttpResponse<?> response) {
    var verdict = TestServer.json((String) response.body()).path("response");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(verdict.path("allowed").booleanValue()).isFalse();
    assertThat(verdict.at("/status/code").intValue()).isEqualTo(429);
    assertThat(verdict.at("/status/message").textValue()).contains("overloaded");
    assertThat(verdict.path("uid").textValue()).isNotEmpty();
  }
}
