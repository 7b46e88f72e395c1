package dev.warder.policy.metadata;

/** What a policy judges: admission requests of Kubernetes or free-form documents. */
public enum PolicyType {
  KUBERNETES("kubernetes"),
  RAW("raw");

  private final String json;

  PolicyType(String json) {
    this.json = json;
  }

  /** The value in JSON. */
  public String json() {
    return json;
  }
}
