package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.webhook.registry.PolicyId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The warm-up of real policies beside the server. */
@ExtendWith(TestPolicies.Resolver.class)
final class WarmUpIT {
  private static final String CPU = "warder_warm_up_cpu_seconds_total";
  private static final String WAITING = "warder_warm_up_waiting_policies";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BRIEF = Duration.ofSeconds(2);
  private static final Duration ENDLESS = Duration.ofHours(1);

  private final TestServer server = TestServer.start(AdmissionLimits.defaults().withPool(2, 16));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whatIsServedIsWarmedUpOnceAndCountsNowhereElse(TestPolicies policies) {
    server.serve("before", policies.sample("required-labels"));
    server.server.warmUp(BRIEF);
    awaitWarm();
    var first = server.metric(CPU);
    assertThat(first).isPositive();

    server.serve("again", policies.sample("required-labels"));
    server.serve("after", policies.sample("no-latest-tag"));
    awaitWarm();
    var second = server.metric(CPU);
    assertThat(second).isGreaterThan(first);

    server.serve("once-more", policies.sample("no-latest-tag"));
    assertThat(server.metric(WAITING)).isZero();
    assertThat(verdict(server.post("/validate/once-more", accepted())).path("allowed").asBoolean())
        .isTrue();
    assertThat(server.metric(CPU)).isEqualTo(second);
    assertThat(server.metric("kubewarden_policy_evaluations_total")).isEqualTo(1);
    assertThat(server.metric("warder_request_phase_seconds_count", "phase=\"evaluate\""))
        .isEqualTo(1);
    assertThat(server.metric("warder_evaluation_overruns_total")).isZero();
  }

  @Test
  void itHoldsStillWhileARequestRuns(TestPolicies policies) {
    server.serve("looping", policies.hostile("endless-loop"), Duration.ofSeconds(5));
    var misbehave = accepted().replace("\"web\"", "\"misbehave\"");
    var busy = server.postAsync("/validate/looping", misbehave);
    await().atMost(PATIENCE).until(() -> server.metric("warder_running_requests") == 1);

    server.server.warmUp(BRIEF);
    server.serve("go", policies.sample("required-labels"));

    var looks = 0;
    while (server.metric("warder_running_requests") == 1) {
      var waiting = server.metric(WAITING);
      var cpu = server.metric(CPU);
      if (server.metric("warder_running_requests") == 1) {
        assertThat(waiting).isEqualTo(2);
        assertThat(cpu).isZero();
        looks++;
      }
    }
    assertThat(looks).isPositive();
    assertThat(verdict(busy.join()).path("allowed").asBoolean()).isFalse();
    await().atMost(PATIENCE).until(() -> server.metric(CPU) > 0);
    awaitWarm();
  }

  @Test
  void itStopsForWhatIsServedNoLonger(TestPolicies policies) {
    server.server.warmUp(ENDLESS);
    server.serve("fickle", policies.sample("required-labels"));
    await().atMost(PATIENCE).until(() -> server.metric(CPU) > 0);

    server.policies.withdraw(new PolicyId("fickle"));

    awaitWarm();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              var before = server.metric(CPU);
              return before == server.metric(CPU);
            });
    server.serve("fickle", policies.sample("required-labels"));
    assertThat(server.metric(WAITING)).isEqualTo(1);
  }

  @Test
  void aPolicyThatFailsIsLeftAlone(TestPolicies policies) {
    server.serve("memory", policies.hostile("memory-bomb"));
    server.serve("go", policies.sample("required-labels"));

    server.server.warmUp(BRIEF);

    awaitWarm();
    assertThat(server.metric("warder_evaluation_overruns_total")).isZero();
  }

  private static String accepted() {
    return review(request("no-latest-tag", "accept"));
  }

  private void awaitWarm() {
    await().atMost(PATIENCE).until(() -> server.metric(WAITING) == 0);
  }
}
