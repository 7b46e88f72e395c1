package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.LegacyPolicyStatus;
import dev.warder.crd.ObservedMode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From {@code kubectl apply} of a policy to verdicts over real objects. */
@ExtendWith(Cluster.Extension.class)
class ServeIT {
  private final Cluster cluster;
  private Warder warder;

  ServeIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start(@TempDir Path store) {
    warder = Warder.start(cluster, store);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
  }

  @Test
  void validatingPolicyRefusesAndAdmits() {
    cluster.sampleNamespace("serve-validating");
    cluster.apply(Cluster.sample("required-labels"));

    var policy = warder.awaitReady("required-labels");

    assertThat(policy.getStatus().servingGeneration()).isEqualTo(1);
    assertThat(policy.getStatus().mode()).isEqualTo(ObservedMode.PROTECT);
    assertThat(policy.getStatus().policyStatus()).isEqualTo(LegacyPolicyStatus.ACTIVE);
    assertThat(policy.getStatus().module().digest()).startsWith("sha256:");
    assertThat(policy.getStatus().module().reference())
        .isEqualTo(Cluster.sampleModule("required-labels"));
    var execution = policy.getStatus().module().execution();
    assertThat(execution).isNotNull();
    assertThat(policy.getStatus().module().executionReason()).isNotBlank();
    assertThat(cluster.kubectl("get", "cap", "required-labels", "-o", "wide"))
        .contains("EXECUTION", execution.name().toLowerCase(Locale.ROOT));
    assertThat(policy.getMetadata().getFinalizers()).containsExactly("policies.warder.dev/webhook");
    assertThat(cluster.kubectl("get", "cap", "required-labels").lines().toList().getFirst())
        .containsSubsequence("NAME", "READY", "MODE", "MUTATING", "REASON", "AGE");
    assertThat(cluster.kubectl("get", "cap", "required-labels"))
        .containsPattern("required-labels +True +protect +false +PolicyEnforced");

    var refused = cluster.tryApply(pod("bad", "serve-validating", "{}"));
    assertThat(refused.isSuccess()).isFalse();
    assertThat(refused.stderr())
        .contains("admission webhook \"kw.cap.required-labels.kubewarden.admission\" denied")
        .contains("owner");
    cluster.apply(
        pod(
            "good",
            "serve-validating",
            "{owner: team-a, cost-center: '1234', app.kubernetes.io/name: web}"));
    assertThat(cluster.kubectl("get", "pods", "-n", "serve-validating", "-o", "name"))
        .isEqualToIgnoringNewLines("pod/good");
  }

  @Test
  void mutationIsStored() {
    cluster.sampleNamespace("serve-mutating");
    cluster.apply(Cluster.sample("pod-defaults"));
    warder.awaitReady("pod-defaults");

    cluster.apply(pod("plain", "serve-mutating", "{}"));

    var stored = cluster.admin().pods().inNamespace("serve-mutating").withName("plain").get();
    assertThat(stored.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(stored.getSpec().getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
  }

  @Test
  void policyInCRefusesTheLatestTag() {
    cluster.sampleNamespace("serve-c");
    cluster.apply(Cluster.sample("no-latest-tag"));
    warder.awaitReady("no-latest-tag");

    var refused = cluster.tryApply(pod("latest", "serve-c", "{}").replace("app:1", "app:latest"));

    assertThat(refused.stderr()).contains("denied the request").contains("latest");
    cluster.apply(pod("pinned", "serve-c", "{}"));
  }

  @Test
  void rawPolicyAnswersRawRequests() throws Exception {
    cluster.apply(Cluster.sample("raw-quota"));
    warder.awaitReady("raw-quota");
    var client = new WebhookClient(cluster, warder.runtime().webhookPort());

    var accepted = client.post("/validate_raw/kw.cap.raw-quota", raw("accept"));
    var rejected = client.post("/validate_raw/kw.cap.raw-quota", raw("reject"));

    assertThat(accepted.at("/response/allowed").asBoolean()).isTrue();
    assertThat(rejected.at("/response/allowed").asBoolean()).isFalse();
    assertThat(rejected.at("/response/status/message").asText()).isNotBlank();
  }

  private static String raw(String file) throws Exception {
    var request = Files.readString(Cluster.file("samples/raw-quota/requests/" + file + ".json"));
    return Serialization.asJson(
        java.util.Map.of("request", Serialization.unmarshal(request, Object.class)));
  }

  private static String pod(String name, String namespace, String labels) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: %s}
        spec: {containers: [{name: app, image: "registry.example/app:1"}]}
        """
        .formatted(name, namespace, labels);
  }
}
