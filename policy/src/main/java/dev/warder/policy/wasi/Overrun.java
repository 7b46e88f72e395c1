package dev.warder.policy.wasi;

import java.util.Locale;

/** Which budget a run exceeded. */
public enum Overrun {
  TIME,
  MEMORY,
  STDOUT,
  STDERR,
  CALL_DEPTH,
  HOST_CALLS;

  /** The name in metrics, such as {@code call_depth}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
