package dev.warder.policy.metadata;

/** The waPC protocol that a module speaks; for WASI it is {@link #UNKNOWN}. */
public enum ProtocolVersion {
  V1("v1"),
  UNKNOWN("Unknown");

  private final String json;

  ProtocolVersion(String json) {
    this.json = json;
  }

  /** The value in JSON. */
  public String json() {
    return json;
  }
}
