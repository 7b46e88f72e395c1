package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user asks for. Optional fields are null when absent and the schema has no default. */
@ValidationRule(
    value = "self.policyServer == oldSelf.policyServer",
    message = "the field is immutable; delete the policy and create it again",
    fieldPath = ".policyServer")
@ValidationRule(
    value = "!(oldSelf.mode == 'protect' && self.mode == 'monitor')",
    message =
        "field cannot transition from protect to monitor; delete the policy and create it again",
    fieldPath = ".mode")
@ValidationRule(
    value = "!has(self.timeoutEvalSeconds) || self.timeoutEvalSeconds <= self.timeoutSeconds",
    message = "timeoutEvalSeconds cannot be greater than timeoutSeconds",
    fieldPath = ".timeoutEvalSeconds")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterAdmissionPolicySpec(
    @Required
        @Size(min = 1, max = 4096)
        @JsonPropertyDescription(
            "Where the WebAssembly module is: registry://, https://, http:// or file://; without a"
                + " scheme registry:// is meant.")
        String module,
    @Required
        @JsonPropertyDescription(
            "Whether the policy may change objects; true registers a mutating webhook.")
        Boolean mutating,
    @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Which requests the policy judges.")
        List<AdmissionRule> rules,
    @PreserveUnknownFields
        @SchemaFrom(type = Object.class)
        @io.fabric8.generator.annotation.Nullable
        @JsonPropertyDescription("Settings of the policy, handed to it as they are.")
        @Nullable JsonNode settings,
    @Default("default")
        @Size(max = 253)
        @JsonPropertyDescription("The Warder instance that serves the policy. Immutable.")
        @Nullable String policyServer,
    @Default("protect")
        @JsonPropertyDescription(
            "protect refuses and changes requests; monitor only logs what it would have done.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable PolicyModeName mode,
    @JsonPropertyDescription("What the API server does when the webhook does not answer.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable FailurePolicyName failurePolicy,
    @Default("true") @JsonPropertyDescription("Whether the audit scanner includes the policy.")
        @Nullable Boolean backgroundAudit,
    @JsonPropertyDescription("Whether equivalent API versions match; Equivalent when absent.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable MatchPolicyName matchPolicy,
    @Size(max = 64)
        @JsonPropertyDescription("CEL conditions that the API server checks before it calls.")
        @Nullable List<MatchConditionSpec> matchConditions,
    @JsonPropertyDescription("Which objects, by label.") @Nullable LabelSelector objectSelector,
    @JsonPropertyDescription("Objects of which namespaces, by the namespace's labels.")
        @Nullable LabelSelector namespaceSelector,
    @JsonPropertyDescription("Side effects of calling the policy; None when absent.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable SideEffectsName sideEffects,
    @Default("10")
        @Min(2)
        @Max(30)
        @JsonPropertyDescription("Seconds that the API server waits for the webhook.")
        @Nullable Integer timeoutSeconds,
    @Min(2)
        @Max(30)
        @JsonPropertyDescription("Seconds that one evaluation may take; 2 when absent.")
        @Nullable Integer timeoutEvalSeconds,
    @Size(max = 4096)
        @JsonPropertyDescription(
            "Shown instead of the policy's own refusal, which moves to status.details.causes.")
        @Nullable String message,
    @JsonPropertyDescription("Resources that the policy may read from the cluster.")
        @Nullable List<ContextAwareResource> contextAwareResources,
    @Default("false")
        @JsonPropertyDescription("Whether the policy also judges requests in Warder's namespace.")
        @Nullable Boolean allowInsideAdmissionControllerNamespace) {}
