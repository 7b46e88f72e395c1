package dev.warder.policy.host.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whether a certificate is trusted, and why not, in Kubewarden's words. */
final class CertificateJudge {
  static final String EXPIRED = "Certificate is being used after its expiration date";
  static final String EARLY = "Certificate is being used before its validity date";
  static final String UNKNOWN = "Certificate is not trusted by the provided cert chain";

  private static final int ALL_CONSTRAINTS = -1;

  /** Read when the first call needs them: there are some 150. */
  private @Nullable Set<TrustAnchor> trustedByJava;

  /** Empty if it is trusted. */
  Optional<String> objection(
      X509Certificate certificate, Optional<List<X509Certificate>> chain, Instant at)
      throws UnusableCertificateException {
    if (certificate.getBasicConstraints() != ALL_CONSTRAINTS) {
      throw new UnusableCertificateException(
          "cert is the certificate of an authority, not of an end entity");
    }
    var anchors =
        chain
            .map(list -> list.isEmpty() ? Set.<TrustAnchor>of() : Set.of(anchor(list.getLast())))
            .orElseGet(this::trustedByJava);
    if (at.isAfter(certificate.getNotAfter().toInstant())) {
      return Optional.of(EXPIRED);
    }
    if (at.isBefore(certificate.getNotBefore().toInstant())) {
      return Optional.of(EARLY);
    }
    return anchors.isEmpty()
        ? Optional.of(UNKNOWN)
        : path(certificate, chain.orElse(List.of()), anchors, at);
  }

  private static Optional<String> path(
      X509Certificate certificate,
      List<X509Certificate> chain,
      Set<TrustAnchor> anchors,
      Instant at) {
    try {
      var target = new X509CertSelector();
      target.setCertificate(certificate);
      var parameters = new PKIXBuilderParameters(anchors, target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(at));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      CertPathBuilder.getInstance("PKIX").build(parameters);
      return Optional.empty();
    } catch (CertPathBuilderException e) {
      return Optional.of(
          e.getCause() instanceof CertPathValidatorException cause ? objection(cause) : UNKNOWN);
    } catch (GeneralSecurityException e) {
      return Optional.of("Certificate not trusted: its chain cannot be judged");
    }
  }

  private static String objection(CertPathValidatorException cause) {
    if (cause.getReason() == BasicReason.EXPIRED) {
      return EXPIRED;
    }
    return cause.getReason() == BasicReason.NOT_YET_VALID
        ? EARLY
        : "Certificate not trusted: " + cause.getMessage();
  }

  /** Of an anchor that is a certificate, Java looks at its times. */
  private static TrustAnchor anchor(X509Certificate certificate) {
    return new TrustAnchor(certificate.getSubjectX500Principal(), certificate.getPublicKey(), null);
  }

  private synchronized Set<TrustAnchor> trustedByJava() {
    var known = trustedByJava;
    if (known == null) {
      known = readTrustedByJava();
      trustedByJava = known;
    }
    return known;
  }

  private static Set<TrustAnchor> readTrustedByJava() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .flatMap(trust -> Arrays.stream(((X509TrustManager) trust).getAcceptedIssuers()))
          .map(CertificateJudge::anchor)
          .collect(Collectors.toSet());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has authorities that it trusts", e);
    }
  }
}
