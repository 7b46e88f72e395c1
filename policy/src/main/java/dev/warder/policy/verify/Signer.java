package dev.warder.policy.verify;

import java.time.Instant;
import java.util.Optional;

/**
 * Whoever met a rule of the verification config.
 *
 * @param rule that was met
 * @param identity the subject of the certificate, or the fingerprint of the key
 * @param owner of the key, as the config calls them
 * @param issuer of the identity; a key has none
 * @param signedAt as a log or timestamp authority asserts it
 * @param format of the signature
 */
public record Signer(
    String rule,
    String identity,
    Optional<String> owner,
    Optional<String> issuer,
    Optional<Instant> signedAt,
    String format) {

  /** Who it is, as people say it. */
  public String name() {
    return owner.orElse(identity);
  }

  /** In one line, for the status. */
  public String text() {
    return issuer
            .map(by -> "keyless %s (issuer %s)".formatted(identity, by))
            .orElse("key " + identity)
        + ", rule "
        + rule;
  }

  /** Whether it is the same person or machine, whatever rules it meets. */
  boolean isSame(Signer other) {
    return identity.equals(other.identity) && issuer.equals(other.issuer);
  }
}
