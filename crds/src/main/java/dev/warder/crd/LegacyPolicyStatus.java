package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** status.policyStatus: Kubewarden's phase, derived from the conditions. */
public enum LegacyPolicyStatus {
  @JsonProperty("unscheduled")
  UNSCHEDULED,
  @JsonProperty("scheduled")
  SCHEDULED,
  @JsonProperty("pending")
  PENDING,
  @JsonProperty("active")
  ACTIVE;
}
