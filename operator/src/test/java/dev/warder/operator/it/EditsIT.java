package dev.warder.operator.it;

import static dev.warder.operator.it.Modules.annotated;
import static dev.warder.operator.it.Modules.good;
import static dev.warder.operator.it.Modules.hostile;
import static dev.warder.operator.it.PolicyManifest.only;
import static dev.warder.operator.it.PolicyManifest.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.ObservedMode;
import dev.warder.crd.PolicyCondition;
import dev.warder.policy.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Edits of a policy that is served already. */
@ExtendWith(Cluster.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EditsIT {
  private static final String LATEST = "app:latest";
  private static final int FLIPS = 6;
  private static final int MANY = 40;

  private final Cluster cluster;
  private final Requests requests;
  private Warder warder;

  EditsIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
  }

  @BeforeAll
  void start(@TempDir Path store) {
    warder = Warder.start(cluster, store);
  }

  @AfterAll
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
  }

  @Test
  void flippedMutatingMovesTheWebhookWithoutAGap() throws Exception {
    var policy = served("edit-mutating");
    var traces = new Traces(cluster, policy.name());

    try (var probe = Probe.start(() -> gap(policy.name()))) {
      for (var flip = 1; flip <= FLIPS; flip++) {
        var mutating = flip % 2 == 1;
        applied(policy.with("mutating", mutating));
        Warder.eventually("the other kind alone")
            .until(
                () ->
                    traces.mutating().isPresent() == mutating
                        && traces.validating().isPresent() != mutating);
        assertThat(requests.pod(policy.name(), LATEST).refusedBy(policy.name())).isTrue();
      }
      probe.assertNothingWentWrong();
    }
    assertThat(traces.events(Reason.WebhookConfigurationRepaired.name())).isEmpty();
  }

  private Optional<String> gap(String policy) {
    var judgement = requests.pod(policy, LATEST);
    return judgement.refusedBy(policy) ? Optional.empty() : Optional.of(judgement.toString());
  }

  @Test
  void editedRulesAreFollowed() {
    var policy = served("edit-rules");

    applied(
        policy.with("rules", List.of(rule(List.of("v1"), List.of("services"), List.of("DELETE")))));

    var rule =
        new Traces(cluster, policy.name())
            .validating()
            .orElseThrow()
            .getWebhooks()
            .getFirst()
            .getRules()
            .getFirst();
    assertThat(rule.getResources()).containsExactly("services");
    assertThat(rule.getOperations()).containsExactly("DELETE");
    awaitAdmitted(policy.name(), LATEST);
  }

  @Test
  void editedMatchConditionsReplaceTheFormerOnes() {
    var policy = fresh("edit-conditions").with("matchConditions", conditions("former"));
    applied(policy);

    applied(policy.with("matchConditions", conditions("present")));

    assertThat(
            new Traces(cluster, policy.name())
                .validating()
                .orElseThrow()
                .getWebhooks()
                .getFirst()
                .getMatchConditions())
        .hasSize(MANY)
        .allSatisfy(condition -> assertThat(condition.getName()).startsWith("present"));
  }

  /** So many that the API server would not take twice as many. */
  private static List<Map<String, String>> conditions(String name) {
    return IntStream.range(0, MANY)
        .mapToObj(n -> Map.of("name", name + "-" + n, "expression", "true"))
        .toList();
  }

  @Test
  void monitoredPolicyBeginsToProtect() {
    var policy = fresh("edit-mode").with("mode", "monitor");
    var monitored = applied(policy);
    assertThat(monitored.getStatus().mode()).isEqualTo(ObservedMode.MONITOR);
    assertThat(Warder.condition(monitored, "Ready").map(PolicyCondition::reason))
        .contains(Reason.PolicyMonitored.name());
    assertThat(Warder.is(monitored, "Enforced", "False")).isTrue();
    assertThat(requests.pod(policy.name(), LATEST)).isEqualTo(new Judgement.Admitted());

    var protecting = applied(policy.with("mode", "protect"));

    assertThat(protecting.getStatus().mode()).isEqualTo(ObservedMode.PROTECT);
    assertThat(Warder.is(protecting, "Enforced", "True")).isTrue();
    assertThat(requests.pod(policy.name(), LATEST).refusedBy(policy.name())).isTrue();
  }

  @Test
  void editedMessageIsShown() {
    var policy = served("edit-message");

    applied(policy.with("message", "Ask the platform team for a tag."));

    assertThat(requests.pod(policy.name(), LATEST).toString())
        .contains("denied the request: Ask the platform team for a tag.");
  }

  @Test
  void editedTimeLimitIsKept(@TempDir Path modules) {
    var module =
        Modules.stored(modules, "loop", annotated(hostile("endless-loop"), "pods", "loop"));
    var policy = fresh("edit-time").with("module", module);
    applied(policy);
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(policy.name(), "misbehave").refusedBy(policy.name()));
    assertThat(requests.pod(policy.name(), "misbehave").toString())
        .contains("time budget of 2 s (timeoutEvalSeconds)");

    applied(policy.with("timeoutEvalSeconds", 3));

    assertThat(requests.pod(policy.name(), "misbehave").toString())
        .contains("time budget of 3 s (timeoutEvalSeconds)");
  }

  @Test
  void editedNamespaceSelectorIsFollowed() {
    var policy = served("edit-selector");
    cluster.controlPlane().createNamespace("edit-selector-other");

    applied(policy.with("namespaceSelector", only("edit-selector-other")));

    Warder.eventually("the other namespace is judged")
        .until(() -> requests.pod("edit-selector-other", LATEST).refusedBy(policy.name()));
    awaitAdmitted(policy.name(), LATEST);
    var selector =
        new Traces(cluster, policy.name())
            .validating()
            .orElseThrow()
            .getWebhooks()
            .getFirst()
            .getNamespaceSelector();
    assertThat(selector.getMatchLabels())
        .isEqualTo(Map.of("kubernetes.io/metadata.name", "edit-selector-other"));
    assertThat(selector.getMatchExpressions())
        .singleElement()
        .returns("kubernetes.io/metadata.name", e -> e.getKey())
        .returns("NotIn", e -> e.getOperator())
        .returns(List.of(Cluster.NAMESPACE), e -> e.getValues());
  }

  @Test
  void editThatNoPreparationDependsOnRepeatsNone(@TempDir Path modules) throws Exception {
    var module = Modules.stored(modules, "good", good());
    var policy = fresh("edit-cheap").with("module", module);
    applied(policy);
    Files.delete(modules.resolve("good.wasm"));

    var selected = policy.with("objectSelector", Map.of("matchLabels", Map.of("judged", "yes")));
    var edited = applied(selected.with("failurePolicy", "Ignore").with("mutating", true));

    assertThat(edited.getStatus().servingGeneration()).isEqualTo(2);
    assertThat(new Traces(cluster, policy.name()).events(Reason.ModuleNotFound.name())).isEmpty();

    cluster.apply(selected.with("settings", Map.of("allow", List.of())).json());
    assertThat(warder.awaitRetrying(policy.name()).reason())
        .as("what happens when a preparation is needed")
        .isEqualTo(Reason.ModuleNotFound.name());
  }

  /** A policy on a namespace of the same name, not yet applied. */
  private PolicyManifest fresh(String name) {
    cluster.controlPlane().createNamespace(name);
    return PolicyManifest.noLatestTag(name, name);
  }

  private PolicyManifest served(String name) {
    var policy = fresh(name);
    applied(policy);
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(name, LATEST).refusedBy(name));
    return policy;
  }

  private ClusterAdmissionPolicy applied(PolicyManifest policy) {
    cluster.apply(policy.json());
    var ready = warder.awaitReady(policy.name());
    assertThat(ready.getStatus().servingGeneration())
        .isEqualTo(ready.getMetadata().getGeneration());
    return ready;
  }

  private void awaitAdmitted(String namespace, String image) {
    Warder.eventually("the API server has the new configuration")
        .until(() -> requests.pod(namespace, image) instanceof Judgement.Admitted);
  }
}
