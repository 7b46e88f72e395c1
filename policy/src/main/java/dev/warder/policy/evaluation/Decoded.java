package dev.warder.policy.evaluation;

/** What a request body turned out to be. */
public sealed interface Decoded {
  /** A request that a policy can judge. */
  record Request(ValidationRequest request) implements Decoded {}

  /** Not one JSON document within the limits: HTTP 400. */
  record NotJson(String message) implements Decoded {}

  /** JSON, but a member is missing or has the wrong type: HTTP 422. */
  record Malformed(String message) implements Decoded {}
}
