package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** An operation that a rule matches. */
public enum OperationName {
  @JsonProperty("CREATE")
  CREATE,
  @JsonProperty("UPDATE")
  UPDATE,
  @JsonProperty("DELETE")
  DELETE,
  @JsonProperty("CONNECT")
  CONNECT,
  @JsonProperty("*")
  ALL;
}
