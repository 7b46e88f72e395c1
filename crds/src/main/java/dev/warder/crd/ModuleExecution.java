package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** status.module.execution: from where an evaluation starts. */
public enum ModuleExecution {
  @JsonProperty("preinitialised")
  PREINITIALISED,
  @JsonProperty("direct")
  DIRECT;
}
