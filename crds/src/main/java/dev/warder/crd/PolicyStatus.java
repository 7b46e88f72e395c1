package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is. Written only by Warder, through server-side apply. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyStatus(
    @JsonPropertyDescription("The generation of the spec that the conditions speak of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The generation that judges requests; absent while none does.")
        @Nullable Long servingGeneration,
    @JsonPropertyDescription("The mode that is served.") @Nullable ObservedMode mode,
    @JsonPropertyDescription("Kubewarden's phase, derived from the conditions.")
        @Nullable LegacyPolicyStatus policyStatus,
    @JsonPropertyDescription("The module that is served.") @Nullable ModuleStatus module,
    @JsonPropertyDescription("Ready, Reconciling, Stalled, Enforced, and Kubewarden's three.")
        @Nullable List<PolicyCondition> conditions) {
  public PolicyStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }
}
