package dev.warder.cli.demo;

/**
 * How a step went.
 *
 * @param expected whether it went as the step expects
 * @param got what came back, in a few words
 */
record Finding(boolean expected, String got) {
  static Finding asExpected(String got) {
    return new Finding(true, got);
  }

  static Finding unexpected(String got) {
    return new Finding(false, got);
  }
}
