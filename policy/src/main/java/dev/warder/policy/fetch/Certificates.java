package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads X.509 certificates. */
public final class Certificates {
  private static final int MAX_BYTES = 1024 * 1024;

  private Certificates() {}

  /**
   * Reads one or more certificates in PEM, or one in DER. Fails with {@code SourcesInvalid}.
   *
   * @param origin what messages call it
   */
  public static Outcome<List<X509Certificate>> parse(byte[] content, String origin) {
    if (content.length > MAX_BYTES) {
      return invalid(origin + " is larger than " + MAX_BYTES + " bytes; leave only certificates");
    }
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      return found.isEmpty()
          ? invalid(origin + " holds no certificate; give it as PEM or DER")
          : Outcome.done(found);
    } catch (CertificateException e) {
      return invalid(origin + " is no certificate in PEM or DER; check what it holds");
    }
  }

  static <T> Outcome<T> invalid(String problem) {
    return Outcome.failed(Reason.SourcesInvalid, problem);
  }
}
