package dev.warder.operator.policyserver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a served policy whose module no longer passes verification. */
public enum VerificationLoss {
  /** It goes on being served; its status says so. */
  KEEP,
  /** It judges no more: the API server does as the policy's failurePolicy says. */
  REJECT;

  /** An annotation of the PolicyServer. */
  static final String ANNOTATION = "policies.warder.dev/on-verification-loss";

  static Optional<VerificationLoss> parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }
}
