package dev.warder.policy.wasi.compile;

import dev.warder.policy.Failure;

/** A piece of the child's answer. */
sealed interface Answer {
  /** One blob of the program. */
  final class Blob implements Answer {
    private final String name;
    private final byte[] content;

    Blob(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }

    String name() {
      return name;
    }

    byte[] content() {
      return content;
    }
  }

  /** All blobs were sent. */
  record Done() implements Answer {}

  /** The module cannot be compiled. */
  record Refused(Failure failure) implements Answer {}

  /** The heap did not suffice, and the child noticed in time to say so. */
  record OutOfMemory() implements Answer {}
}
