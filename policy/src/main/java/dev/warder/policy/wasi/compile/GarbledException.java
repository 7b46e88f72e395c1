package dev.warder.policy.wasi.compile;

/** The other side said something that the protocol does not know. */
final class GarbledException extends Exception {
  GarbledException(String message) {
    super(message);
  }
}
