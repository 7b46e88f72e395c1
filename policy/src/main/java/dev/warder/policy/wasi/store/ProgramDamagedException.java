package dev.warder.policy.wasi.store;

/** A stored program whose bytes are not those that were stored. */
public final class ProgramDamagedException extends Exception {
  ProgramDamagedException(String message) {
    super(message);
  }
}
