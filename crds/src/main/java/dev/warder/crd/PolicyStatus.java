package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is. Written only by Warder, through server-side apply. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyStatus(
    @JsonPropertyDescription("The generation of the spec that the conditions speak of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The generation that judges requests; absent while none does.")
        @Nullable Long servingGeneration,
    @JsonPropertyDescription("The mode that is served.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable ObservedMode mode,
    @JsonPropertyDescription("Kubewarden's phase, derived from the conditions.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable LegacyPolicyStatus policyStatus,
    @JsonPropertyDescription("The module that is served.") @Nullable ModuleStatus module,
    @JsonPropertyDescription("Ready, Reconciling, Stalled, Enforced, and Kubewarden's three.")
        @Nullable List<PolicyCondition> conditions) {
  public PolicyStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }
}
