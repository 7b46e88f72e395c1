package dev.warder.operator.webhookconfig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.operator.PolicyIds;
import dev.warder.operator.WebhookEndpoint;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class DesiredWebhookTest {
  private static final WebhookTarget IN_CLUSTER =
      new WebhookTarget(new WebhookEndpoint.Service("warder", 443), "warder-system", 8443, "CA");
  private static final WebhookTarget OUTSIDE =
      new WebhookTarget(new WebhookEndpoint.Url("127.0.0.1"), "warder-system", 9999, "CA");

  @Test
  void everythingTheApiServerWouldDefaultIsSet() {
    var configuration = desired("", IN_CLUSTER).validating();

    assertThat(configuration.getMetadata().getName()).isEqualTo("kw.cap.no-privileged");
    assertThat(configuration.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/part-of", "warder")
        .containsEntry("app.kubernetes.io/instance", "default");
    assertThat(configuration.getMetadata().getAnnotations())
        .containsEntry("kubewardenPolicyName", "no-privileged")
        .containsEntry("kubewardenPolicyNamespace", "");
    var webhook = configuration.getWebhooks().getFirst();
    assertThat(webhook.getName()).isEqualTo("kw.cap.no-privileged.kubewarden.admission");
    assertThat(webhook.getFailurePolicy()).isEqualTo("Fail");
    assertThat(webhook.getMatchPolicy()).isEqualTo("Equivalent");
    assertThat(webhook.getSideEffects()).isEqualTo("None");
    assertThat(webhook.getTimeoutSeconds()).isEqualTo(10);
    assertThat(webhook.getRules().getFirst().getScope()).isEqualTo("*");
    assertThat(webhook.getObjectSelector()).isNotNull();
    assertThat(webhook.getAdmissionReviewVersions()).containsExactly("v1");
  }

  @Test
  void servicesAndUrlsPointAtTheSamePath() {
    var service = webhook("", IN_CLUSTER).getClientConfig();
    var url = webhook("", OUTSIDE).getClientConfig();

    assertThat(service.getService().getPath()).isEqualTo("/validate/kw.cap.no-privileged");
    assertThat(service.getService().getPort()).isEqualTo(443);
    assertThat(service.getService().getNamespace()).isEqualTo("warder-system");
    assertThat(url.getUrl()).isEqualTo("https://127.0.0.1:9999/validate/kw.cap.no-privileged");
    assertThat(url.getCaBundle()).isEqualTo("Q0E=");
  }

  @Test
  void ownNamespaceIsLeftOutAndTheUsersSelectorKept() {
    var selector =
        webhook(
                "namespaceSelector: {matchLabels: {team: a}, matchExpressions: [{key: env,"
                    + " operator: Exists}]}",
                IN_CLUSTER)
            .getNamespaceSelector();

    assertThat(selector.getMatchLabels()).containsEntry("team", "a");
    assertThat(selector.getMatchExpressions())
        .extracting(LabelSelectorRequirement::getKey)
        .containsExactly("env", "kubernetes.io/metadata.name");
    var own = selector.getMatchExpressions().get(1);
    assertThat(own.getOperator()).isEqualTo("NotIn");
    assertThat(own.getValues()).containsExactly("warder-system");
  }

  @Test
  void ownNamespaceIsJudgedWhenAsked() {
    var selector =
        webhook("allowInsideAdmissionControllerNamespace: true", IN_CLUSTER).getNamespaceSelector();

    assertThat(selector.getMatchExpressions()).isEmpty();
  }

  @Test
  void mutatingCarriesTheSameAnswers() {
    var extra =
        "matchConditions: [{name: a, expression: 'true'}], sideEffects: NoneOnDryRun,"
            + " failurePolicy: Ignore, timeoutSeconds: 3";
    var validating = webhook(extra, IN_CLUSTER);
    var mutating = desired(extra, IN_CLUSTER).mutating().getWebhooks().getFirst();

    assertThat(mutating.getMatchConditions()).isEqualTo(validating.getMatchConditions());
    assertThat(mutating.getSideEffects()).isEqualTo("NoneOnDryRun");
    assertThat(mutating.getFailurePolicy()).isEqualTo("Ignore");
    assertThat(mutating.getTimeoutSeconds()).isEqualTo(3);
    assertThat(mutating.getReinvocationPolicy()).isEqualTo("Never");
  }

  private static ValidatingWebhook webhook(String extra, WebhookTarget target) {
    return desired(extra, target).validating().getWebhooks().getFirst();
  }

  private static DesiredWebhook desired(String extra, WebhookTarget target) {
    var policy =
        Serialization.unmarshal(
            """
            apiVersion: policies.kubewarden.io/v1
            kind: ClusterAdmissionPolicy
            metadata: {name: no-privileged}
            spec: {module: "file:///a.wasm", mutating: false, rules: [{apiGroups: [""],
              apiVersions: [v1], resources: [pods], operations: [CREATE]}], %s}
            """
                .formatted(extra),
            ClusterAdmissionPolicy.class);
    var id = PolicyIds.clusterAdmissionPolicy("no-privileged");
    return new DesiredWebhook("default", "no-privileged", id, policy.getSpec(), target);
  }
}
