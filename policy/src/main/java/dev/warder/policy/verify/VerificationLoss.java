package dev.warder.policy.verify;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a served policy whose module no longer passes verification. */
public enum VerificationLoss {
  /** It goes on being served, and that is told. */
  KEEP,
  /** It judges no more: the API server does as the policy's failurePolicy says. */
  REJECT;

  /** Reads {@code keep} or {@code reject}. */
  public static Optional<VerificationLoss> parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }
}
