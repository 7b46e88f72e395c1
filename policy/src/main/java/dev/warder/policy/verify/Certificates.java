package dev.warder.policy.verify;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads X.509 certificates and checks paths of them. */
final class Certificates {
  static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

  private Certificates() {}

  /** Exactly one certificate; empty when there is anything else or more. */
  static Optional<X509Certificate> ofDer(Bytes der) {
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der.array()));
      return Arrays.equals(certificate.getEncoded(), der.array())
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException _) {
      return Optional.empty();
    }
  }

  static Optional<X509Certificate> ofPem(String pem) {
    return Pem.decode(pem, "CERTIFICATE").flatMap(Certificates::ofDer);
  }

  static Bytes der(X509Certificate certificate) {
    try {
      return new Bytes(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  /** Whether it is an end entity's and may be used for this purpose. */
  static boolean mayBeUsedFor(X509Certificate certificate, String purpose) {
    try {
      var purposes = certificate.getExtendedKeyUsage();
      var usage = certificate.getKeyUsage();
      return certificate.getBasicConstraints() < 0
          && purposes != null
          && purposes.contains(purpose)
          && (usage == null || usage[0]);
    } catch (CertificateException _) {
      return false;
    }
  }

  /**
   * Whether the leaf leads over the issuers, in their order, to the last of them, and all were
   * valid at that time. Nothing but these issuers is believed.
   *
   * @param issuers from that of the leaf to the root
   */
  static boolean leadsTo(List<X509Certificate> issuers, X509Certificate leaf, Instant time) {
    try {
      var root = issuers.getLast();
      var path = new ArrayList<X509Certificate>();
      path.add(leaf);
      path.addAll(issuers.subList(0, issuers.size() - 1));
      var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(time));
      root.checkValidity(Date.from(time));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return true;
    } catch (CertificateException | CertPathValidatorException _) {
      return false;
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("every JDK validates paths", e);
    }
  }
}
