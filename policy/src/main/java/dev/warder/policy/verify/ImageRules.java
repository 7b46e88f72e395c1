package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.verify.SignatureRule.Certified;
import dev.warder.policy.verify.SignatureRule.GenericIssuer;
import dev.warder.policy.verify.SignatureRule.GithubAction;
import dev.warder.policy.verify.SignatureRule.PubKey;
import dev.warder.policy.verify.SignatureRule.Subject;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a policy wants an image to be signed by. Every key and every identity must be met; each
 * method fails with {@code VerificationConfigInvalid} if that cannot be asked for.
 */
public final class ImageRules {
  private static final int MAX_RULES = 100;
  private static final int MAX_CHAIN = 16;

  private ImageRules() {}

  /**
   * Whom a certificate must name.
   *
   * @param subject the whole subject, or with {@link #identityPrefixes} the beginning of its URL
   */
  public record Identity(String issuer, String subject) {}

  /** These keys, in PEM. */
  public static Outcome<VerificationConfig> keys(
      List<String> pems, Map<String, String> annotations) {
    if (pems.isEmpty()) {
      return invalid("must provide at least one pub key");
    }
    if (pems.size() > MAX_RULES) {
      return tooMany();
    }
    var rules = new ArrayList<SignatureRule>();
    for (var pem : pems) {
      var key = Pem.decode(pem, "PUBLIC KEY").flatMap(VerifierKey::ofDer);
      if (key.isEmpty()) {
        return invalid(
            "pub_keys[%d] is no public key in PEM (RSA of 2048 bits or more, ECDSA on P-256 or P-384, Ed25519)"
                .formatted(rules.size()));
      }
      rules.add(new PubKey(key.get(), Optional.empty(), new TreeMap<>(annotations)));
    }
    return all(rules);
  }

  /** These identities, as they are. */
  public static Outcome<VerificationConfig> identities(
      List<Identity> identities, Map<String, String> annotations) {
    if (identities.isEmpty()) {
      return invalid("must provide keyless info");
    }
    var rules = new ArrayList<SignatureRule>();
    for (var identity : identities) {
      rules.add(
          new GenericIssuer(
              identity.issuer(),
              new Subject.Equal(identity.subject()),
              new TreeMap<>(annotations)));
    }
    return all(rules);
  }

  /** Identities whose URL is below these. */
  public static Outcome<VerificationConfig> identityPrefixes(
      List<Identity> identities, Map<String, String> annotations) {
    if (identities.isEmpty()) {
      return invalid("must provide keyless info");
    }
    var rules = new ArrayList<SignatureRule>();
    for (var identity : identities) {
      try {
        rules.add(
            new GenericIssuer(
                identity.issuer(),
                new Subject.UrlPrefix(
                    VerificationConfigParser.urlPrefix("url_prefix", identity.subject())),
                new TreeMap<>(annotations)));
      } catch (UnverifiedException e) {
        return invalid(e.why());
      }
    }
    return all(rules);
  }

  /** Workflows of an owner, or of one of its repositories. */
  public static Outcome<VerificationConfig> githubActions(
      String owner, Optional<String> repository, Map<String, String> annotations) {
    if (!VerificationConfigParser.isGithubName(owner)) {
      return invalid("owner is no name of a GitHub owner");
    }
    return repository.filter(name -> !VerificationConfigParser.isGithubName(name)).isPresent()
        ? invalid("repo is no name of a GitHub repository (without its owner)")
        : all(List.of(new GithubAction(owner, repository, new TreeMap<>(annotations))));
  }

  /**
   * A certificate in PEM.
   *
   * @param chain that it must lead over, the root last; empty if it is trusted as it is
   * @param needsEntry whether a log must tell that it was used while it was valid
   */
  public static Outcome<VerificationConfig> certificate(
      byte[] pem, List<byte[]> chain, boolean needsEntry, Map<String, String> annotations) {
    var certificate = certificate(pem);
    var key = certificate.flatMap(found -> VerifierKey.of(found.getPublicKey()));
    if (certificate.isEmpty() || key.isEmpty()) {
      return invalid("certificate is no certificate in PEM with a key that can be used");
    }
    if (!mayBeUsed(certificate.get())) {
      return invalid("certificate is not for signing code, names no subject, or is not valid yet");
    }
    if (chain.size() > MAX_CHAIN) {
      return invalid("certificate_chain has more than " + MAX_CHAIN + " certificates");
    }
    var issuers = new ArrayList<X509Certificate>();
    for (var one : chain) {
      var issuer = certificate(one);
      if (issuer.isEmpty()) {
        return invalid("certificate_chain[%d] is no certificate in PEM".formatted(issuers.size()));
      }
      issuers.add(issuer.get());
    }
    return all(
        List.of(
            new Certified(
                certificate.get(),
                key.get(),
                List.copyOf(issuers),
                needsEntry,
                new TreeMap<>(annotations))));
  }

  private static Optional<X509Certificate> certificate(byte[] pem) {
    return Certificates.ofPem(new String(pem, StandardCharsets.ISO_8859_1));
  }

  private static boolean mayBeUsed(X509Certificate certificate) {
    try {
      return Certificates.mayBeUsedFor(certificate, Certificates.CODE_SIGNING)
          && certificate.getSubjectAlternativeNames() != null
          && !certificate.getNotBefore().toInstant().isAfter(Clock.systemUTC().instant());
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static Outcome<VerificationConfig> all(List<SignatureRule> rules) {
    return rules.size() > MAX_RULES
        ? tooMany()
        : Outcome.done(new VerificationConfig(List.copyOf(rules), Optional.empty()));
  }

  private static Outcome<VerificationConfig> tooMany() {
    return invalid("there are more than " + MAX_RULES + " keys or identities");
  }

  private static Outcome<VerificationConfig> invalid(String why) {
    return Outcome.failed(Reason.VerificationConfigInvalid, why);
  }
}
