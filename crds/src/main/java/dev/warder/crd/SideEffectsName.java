package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** spec.sideEffects; the API server accepts only these two in v1 webhooks. */
public enum SideEffectsName {
  @JsonProperty("None")
  NONE,
  @JsonProperty("NoneOnDryRun")
  NONE_ON_DRY_RUN;
}
