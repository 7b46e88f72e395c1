package dev.warder.policy.evaluation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a policy's refusals count. */
public enum PolicyMode {
  /** A refusal refuses the request. */
  PROTECT,
  /** A refusal is only reported; every request is let through unchanged. */
  MONITOR;

  /** The name in spec.mode, in JSON and in metrics: {@code protect} or {@code monitor}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #label()}; empty for anything else. */
  public static Optional<PolicyMode> parse(String label) {
    return Arrays.stream(values()).filter(mode -> mode.label().equals(label)).findFirst();
  }
}
