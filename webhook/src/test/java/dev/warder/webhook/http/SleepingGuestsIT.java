package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One worker, and policies that sleep for seconds: nobody else waits for them. */
@ExtendWith(TestPolicies.Resolver.class)
final class SleepingGuestsIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final TestServer server =
      TestServer.start(
          AdmissionLimits.defaults()
              .withPool(1, 64)
              .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(100)));
  private final String nap =
      review(request("no-latest-tag", "accept").replace("\"web\"", "\"misbehave\""));

  @BeforeEach
  void serve(TestPolicies policies) {
    server.serve("napping", policies.hostile("nap"), LONG);
    server.serve("looping", policies.hostile("endless-loop"), LONG);
    server.serve("good", policies.sample("no-latest-tag"));
    assertAllowed(server.post("/validate/good", good()));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aProbeIsAnsweredWhileAnotherPolicySleeps() {
    var sleeping = nap();
    await().until(() -> server.metric("warder_waiting_requests") == 1);

    assertAllowed(server.post("/validate/good", good()));

    assertThat(sleeping).isNotDone();
    assertAllowed(sleeping.join());
    await().until(() -> server.metric("warder_waiting_requests") == 0);
  }

  @Test
  void aFloodOfSleepersStarvesNobody() {
    var flood = Stream.generate(this::nap).limit(10).toList();
    await().until(() -> server.metric("warder_waiting_requests") == 1);

    for (var i = 0; i < 5; i++) {
      assertAllowed(server.post("/validate/good", good()));
    }

    assertThat(flood).anyMatch(answer -> !answer.isDone());
    CompletableFuture.anyOf(flood.toArray(CompletableFuture[]::new)).join();
  }

  @Test
  void aSleeperThatFindsItsPlaceTakenEndsAtItsDeadline() {
    var sleeping = server.postAsync("/validate/napping?timeout=6s", nap);
    await().until(() -> server.metric("warder_waiting_requests") == 1);
    var busy = server.postAsync("/validate/looping?timeout=15s", nap);

    var answer = verdict(sleeping.join());

    assertThat(busy).isNotDone();
    assertThat(answer.path("allowed").booleanValue()).isFalse();
    assertThat(answer.at("/status/message").textValue()).contains("timeoutSeconds");
  }

  private CompletableFuture<HttpResponse<String>> nap() {
    return server.postAsync("/validate/napping?timeout=30s", nap);
  }

  private static void assertAllowed(HttpResponse<String> response) {
    assertThat(verdict(response).path("allowed").booleanValue()).as(response.body()).isTrue();
  }

  private static String good() {
    return review(request("no-latest-tag", "accept"));
  }
}
