package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Scope of a rule. */
public enum ScopeName {
  @JsonProperty("Cluster")
  CLUSTER,
  @JsonProperty("Namespaced")
  NAMESPACED,
  @JsonProperty("*")
  ALL;
}
