package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.json;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.webhook.registry.PolicyId;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples' verdicts through TLS: route, mode, mutation guard and custom message. */
@ExtendWith(TestPolicies.Resolver.class)
@TestInstance(Lifecycle.PER_CLASS)
final class VerdictIT {
  private final TestServer server = TestServer.start();

  @BeforeAll
  void serve(TestPolicies policies) {
    for (var sample : new String[] {"required-labels", "no-latest-tag", "raw-quota"}) {
      server.serve(sample, policies.sample(sample));
    }
    var mutating = policies.sample("pod-defaults");
    server.serve("mutating", mutating, rules(PolicyMode.PROTECT, true, null));
    server.serve("guarded", mutating, rules(PolicyMode.PROTECT, false, null));
    server.serve("monitored-mutating", mutating, rules(PolicyMode.MONITOR, true, null));
    var labels = policies.sample("required-labels");
    server.serve("monitored", labels, rules(PolicyMode.MONITOR, false, null));
    server.serve("worded", labels, rules(PolicyMode.PROTECT, false, "ask the platform team"));
  }

  @AfterAll
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"required-labels", "no-latest-tag"})
  void admitsAndRefuses(String sample) {
    var request = request(sample, "accept");
    var admitted = server.post("/validate/" + sample, review(request));

    assertThat(admitted.headers().firstValue("content-type")).contains("application/json");
    assertThat(json(admitted.body()).path("kind").textValue()).isEqualTo("AdmissionReview");
    assertThat(json(admitted.body()).path("apiVersion").textValue())
        .isEqualTo("admission.k8s.io/v1");
    assertThat(verdict(admitted).path("allowed").booleanValue()).isTrue();
    assertThat(verdict(admitted).path("uid")).isEqualTo(json(request).path("uid"));

    var refused = verdict(server.post("/validate/" + sample, review(request(sample, "reject"))));
    assertThat(refused.path("allowed").booleanValue()).isFalse();
    assertThat(message(refused)).isNotEmpty();
  }

  @Test
  void patchesWhatAMutatingPolicyChanges() {
    var response = validate("mutating", request("pod-defaults", "mutate"));

    assertThat(response.path("allowed").booleanValue()).isTrue();
    assertThat(response.path("patchType").textValue()).isEqualTo("JSONPatch");
    assertThat(patch(response)).contains("/spec/securityContext/runAsNonRoot");
  }

  @Test
  void leavesOutAPatchThatChangesNothing() {
    assertThat(validate("mutating", request("pod-defaults", "accept")).has("patch")).isFalse();
  }

  @Test
  void refusesAMutationThatIsNotAllowed() {
    var response = validate("guarded", request("pod-defaults", "mutate"));

    assertThat(response.path("allowed").booleanValue()).isFalse();
    assertThat(response.has("patch")).isFalse();
    assertThat(message(response)).contains("not allow mutations");
  }

  @Test
  void monitorsWithoutRefusingOrChanging() {
    var refused = validate("monitored", request("required-labels", "reject"));
    assertThat(refused.path("allowed").booleanValue()).isTrue();
    assertThat(refused.has("status")).isFalse();

    var mutated = validate("monitored-mutating", request("pod-defaults", "mutate"));
    assertThat(mutated.path("allowed").booleanValue()).isTrue();
    assertThat(mutated.has("patch")).isFalse();
  }

  @Test
  void putsTheCustomMessageFirstAndKeepsThePolicysOwn() {
    var own = message(validate("required-labels", request("required-labels", "reject")));
    var response = validate("worded", request("required-labels", "reject"));

    assertThat(message(response)).isEqualTo("ask the platform team");
    assertThat(response.at("/status/details/causes/0/message").textValue()).isEqualTo(own);
  }

  @Test
  void auditTellsThePolicysOwnAnswer() {
    var refused = audit("monitored", request("required-labels", "reject"));
    assertThat(refused.path("allowed").booleanValue()).isFalse();

    var unworded = audit("worded", request("required-labels", "reject"));
    assertThat(message(unworded)).doesNotContain("platform team");

    assertThat(patch(audit("guarded", request("pod-defaults", "mutate")))).contains("runAsNonRoot");
  }

  @Test
  void judgesRawRequests() {
    var accepted =
        server.post(
            "/validate_raw/raw-quota", "{\"request\":" + request("raw-quota", "accept") + "}");
    assertThat(json(accepted.body()).has("kind")).isFalse();
    assertThat(verdict(accepted).path("allowed").booleanValue()).isTrue();
    assertThat(verdict(accepted).path("uid").textValue()).isEqualTo("order-1001");

    var refused =
        server.post(
            "/validate_raw/raw-quota", "{\"request\":" + request("raw-quota", "reject") + "}");
    assertThat(verdict(refused).path("allowed").booleanValue()).isFalse();
  }

  @Test
  void servesTheNewGenerationFromTheNextRequestOn(TestPolicies policies) {
    server.serve("changing", policies.sample("required-labels"));
    var request = request("required-labels", "reject");
    assertThat(validate("changing", request).path("allowed").booleanValue()).isFalse();

    server.serve("changing", policies.sample("no-latest-tag"));
    assertThat(validate("changing", request).path("allowed").booleanValue()).isTrue();

    server.policies.withdraw(new PolicyId("changing"));
    assertThat(server.post("/validate/changing", review(request)).statusCode()).isEqualTo(404);
  }

  @Test
  void countsThePolicysOwnAnswers() {
    validate("monitored", request("required-labels", "reject"));

    assertThat(
            server.metric(
                "kubewarden_policy_evaluations_total",
                "policy_name=\"monitored\"",
                "policy_mode=\"monitor\"",
                "accepted=\"false\"",
                "request_origin=\"validate\"",
                "resource_kind=\"Pod\"",
                "resource_namespace=\"shop\"",
                "resource_request_operation=\"CREATE\""))
        .isGreaterThanOrEqualTo(1);
    assertThat(server.metric("warder_request_phase_seconds_count", "phase=\"evaluate\""))
        .isGreaterThanOrEqualTo(1);
    assertThat(server.metric("warder_policies_served")).isGreaterThanOrEqualTo(8);
  }

  private JsonNode validate(String id, String request) {
    return verdict(server.post("/validate/" + id, review(request)));
  }

  private JsonNode audit(String id, String request) {
    return verdict(server.post("/audit/" + id, review(request)));
  }

  private static String message(JsonNode response) {
    return response.at("/status/message").asText();
  }

  private static String patch(JsonNode response) {
    return new String(Base64.getDecoder().decode(response.path("patch").textValue()), UTF_8);
  }

  private static PolicyRules rules(PolicyMode mode, boolean mutate, @Nullable String message) {
    return new PolicyRules(mode, mutate, Optional.ofNullable(message), "the policy");
  }
}
