package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.testing.Outcomes;
import java.util.List;
import java.util.Optional;

/**
 * Judges one signature of {@link Signing#MANIFEST} by one rule and the trust root of an instance.
 */
record Judge(TrustRoot trust) {
  Outcome<Verification> judge(String rule, StoredSignature signature) {
    return policy(rule).judge(material(signature), Signing.MANIFEST, PrivateSigstore.NOW);
  }

  SignaturePolicy policy(String rule) {
    return new SignaturePolicy(config(rule), Optional.of(trust));
  }

  static VerificationConfig config(String rule) {
    return Outcomes.value(VerificationConfig.parse("allOf:\n- " + rule));
  }

  static SignatureMaterial material(StoredSignature signature) {
    return new SignatureMaterial(MapRepository.NAME, List.of(signature), List.of());
  }
}
