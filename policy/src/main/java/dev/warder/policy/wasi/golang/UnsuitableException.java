package dev.warder.policy.wasi.golang;

/** The module cannot be pre-initialised, and why. Never leaves this package. */
final class UnsuitableException extends Exception {
  UnsuitableException(String reason) {
    super(reason, null, false, false);
  }

  /** Its message, which is never null. */
  String reason() {
    return String.valueOf(getMessage());
  }

  static UnsuitableException malformed(String what) {
    return new UnsuitableException("the module is malformed: " + what);
  }

  static UnsuitableException notGo(String what) {
    return new UnsuitableException("the module is not as Go's compiler makes them: " + what);
  }
}
