package dev.warder.operator.it;

import static dev.warder.operator.it.Modules.good;
import static dev.warder.operator.it.Modules.hostile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.PolicyCondition;
import dev.warder.operator.status.Kstatus;
import dev.warder.policy.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A generation that is refused leaves the last good one serving, also across a restart. */
@ExtendWith(Cluster.Extension.class)
class LastGoodIT {
  private static final String NAMESPACE = "last-good";
  private static final String SANDBOX = "registry.example/sandbox/app";

  private final Cluster cluster;
  private @TempDir Path modules;
  private @TempDir Path store;
  private @TempDir Path emptyStore;
  private Warder warder;
  private Requests requests;

  LastGoodIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start() {
    cluster.controlPlane().createNamespace(NAMESPACE);
    warder = Warder.start(cluster, store);
    requests = new Requests(cluster);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
  }

  @Test
  void badEditsLeaveTheLastGoodGenerationUntilOneIsGood() {
    var manifest = manifest("last-good");
    serve(manifest);
    assertFirstGenerationJudges("last-good");

    cluster.apply(badSettings(manifest).json());
    var settings = warder.awaitStalled("last-good");
    assertThat(settings.reason()).isEqualTo(Reason.SettingsRejected.name());
    assertThat(settings.message()).endsWith("; generation 1 is still served.");
    assertServesFirstGeneration(cluster.policy("last-good"), 2);
    assertFirstGenerationJudges("last-good");

    var broken = Modules.stored(modules, "broken", hostile("not-wasm"));
    cluster.apply(manifest.with("module", broken).json());
    var module = warder.awaitStalled("last-good");
    assertThat(module.reason()).isEqualTo(Reason.ModuleNotWasm.name());
    assertServesFirstGeneration(cluster.policy("last-good"), 3);
    assertFirstGenerationJudges("last-good");

    cluster.apply(manifest.with("settings", Map.of("allow", List.of("other.example/"))).json());
    var fixed = warder.awaitReady("last-good");
    assertThat(fixed.getStatus().servingGeneration()).isEqualTo(4);
    assertThat(Warder.condition(fixed, "Enforced").map(PolicyCondition::reason))
        .contains(Reason.PolicyEnforced.name());
    assertThat(Warder.condition(fixed, "Stalled")).isEmpty();
    assertThat(requests.pod(NAMESPACE, SANDBOX).refusedBy("last-good")).isTrue();
    assertThat(requests.pod(NAMESPACE, "other.example/app")).isEqualTo(new Judgement.Admitted());
  }

  @Test
  void aRefusedWebhookConfigurationLeavesTheLastGoodGeneration() {
    var manifest = manifest("last-good-condition");
    serve(manifest);
    var before = new Traces(cluster, "last-good-condition").validating().orElseThrow();

    var conditions = List.of(Map.of("name", "broken", "expression", "no such language"));
    cluster.apply(manifest.with("matchConditions", conditions).json());

    var refused = warder.awaitStalled("last-good-condition");
    assertThat(refused.reason()).isEqualTo(Reason.WebhookConfigurationRejected.name());
    assertServesFirstGeneration(cluster.policy("last-good-condition"), 2);
    assertThat(new Traces(cluster, "last-good-condition").validating()).contains(before);
    assertFirstGenerationJudges("last-good-condition");
  }

  /** What is left to start from. */
  enum Remains {
    STORE_AND_SOURCE,
    STORE,
    SOURCE
  }

  @ParameterizedTest
  @EnumSource
  void aRestartServesTheLastGoodGenerationAgain(Remains remains) throws Exception {
    var name = "last-good-restart";
    var source = Modules.stored(modules, "good", good());
    var manifest = manifest(name).with("module", source);
    serve(manifest);
    cluster.apply(badSettings(manifest).json());
    warder.awaitStalled(name);

    warder.close();
    if (remains == Remains.STORE) {
      Files.delete(modules.resolve("good.wasm"));
    }
    warder = Warder.start(cluster, remains == Remains.SOURCE ? emptyStore : store);

    var webhook = new WebhookClient(cluster, warder.runtime().webhookPort());
    var path = "/validate/kw.cap." + name;
    assertThat(allowed(webhook.post(path, Reviews.podCreation("app:latest")))).isFalse();
    assertThat(allowed(webhook.post(path, Reviews.podCreation(SANDBOX)))).isTrue();
    awaitEnforced(name);
    assertFirstGenerationJudges(name);
    var reason = remains == Remains.STORE ? Reason.ModuleNotFound : Reason.SettingsRejected;
    var policy =
        warder.await(
            name, p -> Warder.condition(p, "Ready").orElseThrow().reason().equals(reason.name()));
    assertThat(policy.getStatus().servingGeneration()).isEqualTo(1);
    assertThat(Warder.condition(policy, "Enforced").map(PolicyCondition::reason))
        .contains(Reason.PolicyServingPreviousGeneration.name());
  }

  private static PolicyManifest manifest(String name) {
    return PolicyManifest.noLatestTag(name, NAMESPACE)
        .with("settings", Map.of("allow", List.of("registry.example/sandbox/")));
  }

  private static PolicyManifest badSettings(PolicyManifest manifest) {
    return manifest.with("settings", Map.of("allow", "registry.example/"));
  }

  private void serve(PolicyManifest manifest) {
    cluster.apply(manifest.json());
    warder.awaitReady(manifest.name());
    awaitEnforced(manifest.name());
  }

  private void awaitEnforced(String name) {
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(NAMESPACE, "app:latest").refusedBy(name));
  }

  /** The first generation alone knows the sandbox. */
  private void assertFirstGenerationJudges(String name) {
    assertThat(requests.pod(NAMESPACE, "app:latest").refusedBy(name)).isTrue();
    assertThat(requests.pod(NAMESPACE, SANDBOX)).isEqualTo(new Judgement.Admitted());
  }

  private static void assertServesFirstGeneration(ClusterAdmissionPolicy policy, long present) {
    var status = policy.getStatus();
    assertThat(status.observedGeneration()).isEqualTo(present);
    assertThat(status.servingGeneration()).isEqualTo(1);
    assertThat(status.module().digest()).startsWith("sha256:");
    assertThat(Warder.is(policy, "Ready", "False")).isTrue();
    assertThat(Warder.condition(policy, "Reconciling")).isEmpty();
    assertThat(Warder.condition(policy, "Enforced").orElseThrow())
        .returns("True", PolicyCondition::status)
        .returns(Reason.PolicyServingPreviousGeneration.name(), PolicyCondition::reason);
    assertThat(Kstatus.of(present, status)).isEqualTo(Kstatus.FAILED);
  }

  private static boolean allowed(JsonNode review) {
    return review.at("/response/allowed").booleanValue();
  }
}
