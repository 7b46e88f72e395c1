package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Who signed with a short-lived certificate, and when at the earliest. */
record KeylessProof(CertificateIdentity identity, Instant signedAt) {

  static KeylessProof of(ImageSignature signature, TrustRoot trust) throws UnverifiedException {
    var certificate =
        signature.certificate().orElseThrow(() -> new UnverifiedException("it has no certificate"));
    var key =
        VerifierKey.of(certificate.getPublicKey())
            .orElseThrow(
                () -> new UnverifiedException("the key of its certificate is of no known kind"));
    require(
        signature.content().isSignedBy(key, signature.signature()),
        "its content was not signed by its certificate");
    var times =
        new ArrayList<>(LoggedSignature.require(signature, Certificates.der(certificate), trust));
    times.addAll(timestamped(signature, trust, times.isEmpty()));
    require(
        Certificates.mayBeUsedFor(certificate, Certificates.CODE_SIGNING),
        "its certificate is not for code signing");
    for (var time : times) {
      require(
          !time.isBefore(certificate.getNotBefore().toInstant())
              && !time.isAfter(certificate.getNotAfter().toInstant()),
          "it was signed at %s, outside of the life of its certificate (%s to %s)"
              .formatted(
                  time,
                  certificate.getNotBefore().toInstant(),
                  certificate.getNotAfter().toInstant()));
    }
    CertificateTimestamps.requireLogged(
        certificate, issuer(certificate, times, trust), trust.certificateLogs());
    return new KeylessProof(CertificateIdentity.of(certificate), Collections.min(times));
  }

  /**
   * Times of authorities; those that the trust root does not know count only where one is needed.
   */
  private static List<Instant> timestamped(
      ImageSignature signature, TrustRoot trust, boolean needed) throws UnverifiedException {
    var times = new ArrayList<Instant>();
    var why = "nobody that the trust root knows tells when it was signed";
    for (var timestamp : signature.timestamps()) {
      try {
        times.add(timestamp.of(signature.signature(), trust.timestampAuthorities()));
      } catch (UnverifiedException e) {
        why = e.why();
      }
    }
    require(!needed || !times.isEmpty(), why);
    return times;
  }

  /** The certificate of the authority that vouches for the certificate at all these times. */
  private static X509Certificate issuer(
      X509Certificate certificate, List<Instant> times, TrustRoot trust)
      throws UnverifiedException {
    return trust.certificateAuthorities().stream()
        .filter(chain -> times.stream().allMatch(time -> chain.certifies(certificate, time)))
        .map(chain -> chain.issuers().getFirst())
        .findFirst()
        .orElseThrow(
            () ->
                new UnverifiedException(
                    "its certificate is by no authority of the trust root that counted then"));
  }
}
