package dev.warder.policy.verify;

import java.util.Optional;

/**
 * What a module must pass before it is compiled.
 *
 * @param signatures whose signatures it needs; empty if none
 * @param acceptedBefore whether it may do without, as these very bytes were accepted once
 */
public record Requirement(Optional<SignaturePolicy> signatures, boolean acceptedBefore) {
  public static final Requirement NONE = new Requirement(Optional.empty(), false);

  public static Requirement of(Optional<SignaturePolicy> signatures) {
    return new Requirement(signatures, false);
  }
}
