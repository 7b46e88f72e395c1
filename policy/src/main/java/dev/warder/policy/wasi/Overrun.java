package dev.warder.policy.wasi;

import java.util.Locale;

/** Which budget a run exceeded. */
public enum Overrun {
  TIME,
  MEMORY,
  STDOUT,
  STDERR,
  CALL_DEPTH,
  HOST_CALLS,
  HOST_REPLIES;

  /** The name in metrics, such as {@code call_depth}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The option that sizes it, without its dashes, and the name of its annotation. */
  String setting() {
    return "eval-" + label().replace('_', '-');
  }
}
