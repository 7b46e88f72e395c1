package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.SignatureRule.Certified;
import dev.warder.policy.verify.SignatureRule.Keyless;
import dev.warder.policy.verify.SignatureRule.PubKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A signature that was found, asked rule by rule whether it is the one. */
final class Candidate {
  /** Clocks differ, but nothing was signed tomorrow. */
  private static final Duration MAX_AHEAD = Duration.ofDays(1);

  private final StoredSignature stored;
  private final Terms terms;
  private final Set<String> findings = new LinkedHashSet<>();
  private Optional<ImageSignature> signature = Optional.empty();
  private Optional<KeylessProof> proof = Optional.empty();

  /**
   * What holds for all signatures.
   *
   * @param repository that simple signing must name
   */
  record Terms(
      Digest manifest, Optional<TrustRoot> trust, Optional<String> repository, Instant now) {}

  Candidate(StoredSignature stored, Terms terms) {
    this.stored = stored;
    this.terms = terms;
    try {
      var parsed =
          switch (stored.format()) {
            case SIMPLE_SIGNING -> SimpleSigningLayer.parse(stored);
            case BUNDLE -> BundleLayer.parse(stored);
          };
      signature = Optional.of(parsed);
      if (parsed.certificate().isPresent() && terms.trust().isPresent()) {
        proof = Optional.of(KeylessProof.of(parsed, terms.trust().get()));
      }
    } catch (UnverifiedException e) {
      findings.add(e.why());
    }
  }

  /** Who met the rule with this signature. */
  Optional<Signer> signer(SignatureRule rule) {
    if (signature.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          switch (rule) {
            case PubKey keyed -> signer(keyed, signature.get());
            case Certified certified -> signer(certified, signature.get());
            case Keyless keyless -> signer(keyless, signature.get());
          });
    } catch (UnverifiedException e) {
      findings.add(e.why());
      return Optional.empty();
    }
  }

  private Signer signer(PubKey rule, ImageSignature signature) throws UnverifiedException {
    require(
        signature.content().isSignedBy(rule.key(), signature.signature()),
        signature.certificate().isPresent()
            ? "it is not by the key of a rule"
            : "it is by a key that no rule names, or its content was changed");
    var signedAt = Optional.<Instant>empty();
    if (terms.trust().isPresent() && !signature.entries().isEmpty()) {
      signedAt =
          LoggedSignature.require(signature, rule.key().der(), terms.trust().get()).stream()
              .min(Instant::compareTo);
    }
    return signer(rule, signature, rule.key().fingerprint().toString(), Optional.empty(), signedAt);
  }

  private Signer signer(Certified rule, ImageSignature signature) throws UnverifiedException {
    var certificate = rule.certificate();
    require(
        signature.content().isSignedBy(rule.key(), signature.signature()),
        "it is not by the key of the certificate");
    var logged = Optional.<Instant>empty();
    if (terms.trust().isPresent() && !signature.entries().isEmpty()) {
      logged = loggedBy(rule, signature, terms.trust().get()).stream().min(Instant::compareTo);
    }
    require(
        logged.isPresent() || !rule.needsEntry(),
        "no log that is known tells when its certificate was used");
    var at = logged.orElse(terms.now());
    require(
        logged.isEmpty()
            || (!at.isBefore(certificate.getNotBefore().toInstant())
                && !at.isAfter(certificate.getNotAfter().toInstant())),
        "it was logged at %s, when its certificate was not valid".formatted(at));
    require(
        rule.issuers().isEmpty() || Certificates.leadsTo(rule.issuers(), certificate, at),
        "its certificate does not lead to the end of the given chain");
    return signer(
        rule,
        signature,
        certificate.getSubjectX500Principal().getName(),
        Optional.of(certificate.getIssuerX500Principal().getName()),
        logged);
  }

  /** Cosign logs the certificate or, where it has only been told of the key, that. */
  private static List<Instant> loggedBy(Certified rule, ImageSignature signature, TrustRoot trust)
      throws UnverifiedException {
    try {
      return LoggedSignature.require(signature, Certificates.der(rule.certificate()), trust);
    } catch (UnverifiedException e) {
      return LoggedSignature.require(signature, rule.key().der(), trust);
    }
  }

  private Signer signer(Keyless rule, ImageSignature signature) throws UnverifiedException {
    require(signature.certificate().isPresent(), "it has no certificate, for which a rule asks");
    require(terms.trust().isPresent(), "there is no trust root by which to judge its certificate");
    // Why there is no proof was found when it was looked for.
    var by = proof.orElseThrow(() -> new UnverifiedException("its certificate does not count"));
    require(
        rule.names(by.identity()),
        "it is by keyless %s (issuer %s)"
            .formatted(by.identity().subject(), by.identity().issuer()));
    return signer(
        rule,
        signature,
        by.identity().subject(),
        Optional.of(by.identity().issuer()),
        Optional.of(by.signedAt()));
  }

  /** The signature is verified: what was signed may be read now. */
  private Signer signer(
      SignatureRule rule,
      ImageSignature signature,
      String identity,
      Optional<String> issuer,
      Optional<Instant> signedAt)
      throws UnverifiedException {
    require(
        signedAt.map(time -> !time.isAfter(terms.now().plus(MAX_AHEAD))).orElse(true),
        "it is said to be signed in the future; check the clock of this machine");
    var claims = signature.content().claims(terms.manifest());
    for (var annotation : rule.annotations().entrySet()) {
      require(
          annotation.getValue().equals(claims.annotations().get(annotation.getKey())),
          "its annotation %s is not %s".formatted(annotation.getKey(), annotation.getValue()));
    }
    if (terms.repository().isPresent()) {
      require(
          claims.repository().equals(terms.repository()),
          claims
              .repository()
              .map("it is the signature of another repository: "::concat)
              .orElse("it does not tell the repository that was signed"));
    }
    return new Signer(
        rule.text(), identity, owner(rule), issuer, signedAt, signature.content().format());
  }

  private static Optional<String> owner(SignatureRule rule) {
    return switch (rule) {
      case SignatureRule.PubKey key -> key.owner();
      case SignatureRule.Certified _, SignatureRule.Keyless _ -> Optional.empty();
    };
  }

  /** Why it met no rule, after it was asked. */
  String found() {
    return stored.origin() + ": " + String.join(", ", findings);
  }
}
