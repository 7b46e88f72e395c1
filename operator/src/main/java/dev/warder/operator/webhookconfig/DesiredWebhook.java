package dev.warder.operator.webhookconfig;

import dev.warder.crd.AdmissionRule;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.crd.FailurePolicyName;
import dev.warder.crd.MatchPolicyName;
import dev.warder.crd.OperationName;
import dev.warder.crd.ScopeName;
import dev.warder.crd.SideEffectsName;
import dev.warder.operator.Labels;
import dev.warder.webhook.registry.PolicyId;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The webhook configuration that a policy's spec asks for. Every field that the API server would
 * default is set, so that Warder owns it and a changed one shows as drift.
 */
final class DesiredWebhook {
  private static final int DEFAULT_TIMEOUT_SECONDS = 10;
  private static final String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

  private final String instance;
  private final String policyName;
  private final PolicyId id;
  private final ClusterAdmissionPolicySpec spec;
  private final WebhookTarget target;

  DesiredWebhook(
      String instance,
      String policyName,
      PolicyId id,
      ClusterAdmissionPolicySpec spec,
      WebhookTarget target) {
    this.instance = instance;
    this.policyName = policyName;
    this.id = id;
    this.spec = spec;
    this.target = target;
  }

  ValidatingWebhookConfiguration validating() {
    var webhook =
        new ValidatingWebhookBuilder()
            .withName(webhookName())
            .withClientConfig(target.clientConfig(id))
            .withRules(rules())
            .withFailurePolicy(failurePolicy())
            .withMatchPolicy(matchPolicy())
            .withMatchConditions(matchConditions())
            .withNamespaceSelector(namespaceSelector())
            .withObjectSelector(objectSelector())
            .withSideEffects(sideEffects())
            .withTimeoutSeconds(timeoutSeconds())
            .withAdmissionReviewVersions("v1")
            .build();
    return new ValidatingWebhookConfigurationBuilder()
        .withMetadata(metadata())
        .withWebhooks(webhook)
        .build();
  }

  MutatingWebhookConfiguration mutating() {
    var webhook =
        new MutatingWebhookBuilder()
            .withName(webhookName())
            .withClientConfig(target.clientConfig(id))
            .withRules(rules())
            .withFailurePolicy(failurePolicy())
            .withMatchPolicy(matchPolicy())
            .withMatchConditions(matchConditions())
            .withNamespaceSelector(namespaceSelector())
            .withObjectSelector(objectSelector())
            .withSideEffects(sideEffects())
            .withTimeoutSeconds(timeoutSeconds())
            .withAdmissionReviewVersions("v1")
            .withReinvocationPolicy("Never")
            .build();
    return new MutatingWebhookConfigurationBuilder()
        .withMetadata(metadata())
        .withWebhooks(webhook)
        .build();
  }

  private String webhookName() {
    return id.value() + ".kubewarden.admission";
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder()
        .withName(id.value())
        .withLabels(Labels.of(instance))
        .withAnnotations(
            Map.of("kubewardenPolicyName", policyName, "kubewardenPolicyNamespace", ""))
        .build();
  }

  private List<RuleWithOperations> rules() {
    return spec.rules().stream().map(DesiredWebhook::rule).toList();
  }

  private static RuleWithOperations rule(AdmissionRule rule) {
    return new RuleWithOperationsBuilder()
        .withApiGroups(Objects.requireNonNullElse(rule.apiGroups(), List.of()))
        .withApiVersions(rule.apiVersions())
        .withResources(rule.resources())
        .withOperations(rule.operations().stream().map(DesiredWebhook::operation).toList())
        .withScope(scope(rule.scope()))
        .build();
  }

  /** A stored operation that Warder does not know is left for the API server to refuse. */
  private static String operation(@Nullable OperationName operation) {
    return switch (operation) {
      case null -> "Unknown";
      case ALL -> "*";
      case CREATE, UPDATE, DELETE, CONNECT -> operation.name();
    };
  }

  private static String scope(@Nullable ScopeName scope) {
    return switch (scope) {
      case CLUSTER -> "Cluster";
      case NAMESPACED -> "Namespaced";
      case ALL -> "*";
      case null -> "*";
    };
  }

  private String failurePolicy() {
    return spec.failurePolicy() == FailurePolicyName.IGNORE ? "Ignore" : "Fail";
  }

  private String matchPolicy() {
    return spec.matchPolicy() == MatchPolicyName.EXACT ? "Exact" : "Equivalent";
  }

  private String sideEffects() {
    return spec.sideEffects() == SideEffectsName.NONE_ON_DRY_RUN ? "NoneOnDryRun" : "None";
  }

  private int timeoutSeconds() {
    return Objects.requireNonNullElse(spec.timeoutSeconds(), DEFAULT_TIMEOUT_SECONDS);
  }

  private List<MatchCondition> matchConditions() {
    return Optional.ofNullable(spec.matchConditions()).orElse(List.of()).stream()
        .map(condition -> new MatchCondition(condition.expression(), condition.name()))
        .toList();
  }

  private LabelSelector objectSelector() {
    return Objects.requireNonNullElseGet(spec.objectSelector(), LabelSelector::new);
  }

  /** The user's selector as it is, and Warder's own namespace left out unless asked for. */
  private LabelSelector namespaceSelector() {
    var wanted = Objects.requireNonNullElseGet(spec.namespaceSelector(), LabelSelector::new);
    if (Boolean.TRUE.equals(spec.allowInsideAdmissionControllerNamespace())) {
      return wanted;
    }
    return new LabelSelectorBuilder(wanted)
        .addNewMatchExpression()
        .withKey(NAMESPACE_NAME_LABEL)
        .withOperator("NotIn")
        .withValues(target.namespace())
        .endMatchExpression()
        .build();
  }
}
