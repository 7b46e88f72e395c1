package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hostile modules, many requests at once, while two good policies are asked all the time; for
 * longer with {@code -Dhostile.seconds=60}.
 */
@ExtendWith(TestPolicies.Resolver.class)
final class HostileNeighbourIT {
  private static final List<String> HOSTILE =
      List.of(
          "endless-loop",
          "long-poll",
          "memory-bomb",
          "table-bomb",
          "deep-recursion",
          "output-bomb",
          "stderr-bomb",
          "wide-write",
          "huge-read",
          "huge-write",
          "huge-random",
          "host-call",
          "trap",
          "out-of-bounds",
          "exit-3",
          "garbage-json",
          "two-answers",
          "no-answer",
          "non-utf8-stdout",
          "non-utf8-stderr");
  private static final int CLIENTS = 32;
  private static final int PLACES = 64;
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("hostile.seconds", 10));

  @Test
  void theNeighboursNeverFail(TestPolicies policies) throws Exception {
    try (var server = TestServer.start(AdmissionLimits.defaults().withPool(2, PLACES));
        var clients = Executors.newFixedThreadPool(CLIENTS + 2)) {
      server.serve("small", policies.sample("no-latest-tag"));
      server.serve("go", policies.sample("required-labels"));
      for (var name : HOSTILE) {
        server.serve(name, policies.hostile(name), Duration.ofSeconds(1));
      }
      var over = new AtomicBoolean();
      var small = clients.submit(() -> probe(server, "small", "no-latest-tag", over));
      var go = clients.submit(() -> probe(server, "go", "required-labels", over));
      var attacks = new ArrayList<Future<?>>();
      var end = System.nanoTime() + TIME.toNanos();
      for (var i = 0; i < CLIENTS; i++) {
        var first = i;
        attacks.add(clients.submit(() -> attack(server, first, end)));
      }
      for (var attack : attacks) {
        attack.get();
      }
      over.set(true);

      assertThat(small.get()).isPositive();
      assertThat(go.get()).isPositive();
      assertThat(server.metric("warder_evaluation_overruns_total", "budget=\"time\"")).isPositive();
      assertThat(server.metric("warder_evaluation_overruns_total", "budget=\"memory\""))
          .isPositive();
      assertThat(server.metric("warder_running_requests")).isZero();
    }
  }

  /** How many times the policy was asked; each time it must have admitted. */
  private static int probe(TestServer server, String id, String sample, AtomicBoolean over) {
    var review = review(request(sample, "accept"));
    var asked = 0;
    for (; !over.get(); asked++) {
      var response = server.post("/validate/" + id + "?timeout=30s", review);
      assertThat(verdict(response).path("allowed").booleanValue()).as(response.body()).isTrue();
    }
    return asked;
  }

  /** Every module at least once by somebody, and then until the end. */
  private static void attack(TestServer server, int first, long end) {
    var review = review(request("no-latest-tag", "accept").replace("\"web\"", "\"misbehave\""));
    var next = first;
    do {
      var name = HOSTILE.get(next++ % HOSTILE.size());
      assertOwnVerdict(name, server.post("/validate/" + name + "?timeout=30s", review));
    } while (System.nanoTime() < end);
  }

  /** What only asks for too much may be refused by error codes and then accept. */
  private static void assertOwnVerdict(String name, HttpResponse<String> response) {
    var verdict = verdict(response);
    if (!name.startsWith("huge-")) {
      assertThat(verdict.path("allowed").booleanValue()).as(name).isFalse();
    }
    assertThat(response.body()).doesNotContain("failed unexpectedly");
  }
}
