package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Which signatures a module must have: Kubewarden's verification config.
 *
 * @param allOf each must be met
 * @param anyOf of these, some must be met
 */
public record VerificationConfig(List<SignatureRule> allOf, Optional<AnyOf> anyOf) {
  /**
   * Some of several rules, each by another signer.
   *
   * @param minimumMatches from 1 to the number of rules
   */
  record AnyOf(int minimumMatches, List<SignatureRule> signatures) {}

  /**
   * Reads the YAML of a verification config; fails with {@code VerificationConfigInvalid}. Whatever
   * is not understood is an error: a rule that is not applied would be worse than none.
   */
  public static Outcome<VerificationConfig> parse(String yaml) {
    try {
      return Outcome.done(VerificationConfigParser.parse(yaml));
    } catch (UnverifiedException e) {
      return Outcome.failed(
          Reason.VerificationConfigInvalid,
          "The verification config cannot be used: %s; correct it, nothing is verified by halves"
              .formatted(e.why()));
    }
  }

  /** Whether a rule is about certificates, for which a trust root is needed. */
  public boolean needsTrustRoot() {
    return allOf.stream().anyMatch(SignatureRule.Keyless.class::isInstance)
        || anyOf.stream()
            .flatMap(some -> some.signatures().stream())
            .anyMatch(SignatureRule.Keyless.class::isInstance);
  }
}
