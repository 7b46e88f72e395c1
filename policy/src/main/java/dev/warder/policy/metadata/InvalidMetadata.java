package dev.warder.policy.metadata;

/** What is wrong with a metadata document; becomes a failure before it leaves this package. */
final class InvalidMetadata extends Exception {
  InvalidMetadata(String problem) {
    super(problem);
  }
}
