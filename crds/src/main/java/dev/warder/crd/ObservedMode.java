package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** status.mode: the mode that is served. */
public enum ObservedMode {
  @JsonProperty("protect")
  PROTECT,
  @JsonProperty("monitor")
  MONITOR,
  @JsonProperty("unknown")
  UNKNOWN;
}
