package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** spec.matchPolicy. */
public enum MatchPolicyName {
  @JsonProperty("Equivalent")
  EQUIVALENT,
  @JsonProperty("Exact")
  EXACT;
}
