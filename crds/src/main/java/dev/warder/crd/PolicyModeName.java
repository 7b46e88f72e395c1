package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** spec.mode. */
public enum PolicyModeName {
  @JsonProperty("protect")
  PROTECT,
  @JsonProperty("monitor")
  MONITOR;
}
