package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** spec.failurePolicy. */
public enum FailurePolicyName {
  @JsonProperty("Fail")
  FAIL,
  @JsonProperty("Ignore")
  IGNORE;
}
