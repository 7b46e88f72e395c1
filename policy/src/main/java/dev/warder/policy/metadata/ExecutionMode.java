package dev.warder.policy.metadata;

/** How a module is called. Warder runs only {@link #WASI}. */
public enum ExecutionMode {
  KUBEWARDEN_WAPC("kubewarden-wapc"),
  OPA("opa"),
  GATEKEEPER("gatekeeper"),
  WASI("wasi");

  private final String json;

  ExecutionMode(String json) {
    this.json = json;
  }

  /** The value in JSON. */
  public String json() {
    return json;
  }
}
