package dev.warder.operator.policyserver;

import dev.warder.policy.fetch.Sources;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.VerificationLoss;
import java.util.Optional;

/**
 * What a PolicyServer asks of the instance of its name.
 *
 * @param sources where modules may come from, and with which credentials
 * @param required whose signatures a module needs; empty if none
 */
public record InstanceSettings(
    Sources sources, Optional<SignaturePolicy> required, VerificationLoss onLoss) {

  /** Names what modules are verified by: equal for equal requirements, also after a restart. */
  public String trust() {
    return required.map(policy -> policy.fingerprint().toString()).orElse("none");
  }
}
