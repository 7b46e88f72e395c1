package dev.warder.operator.certificate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** PEM text of certificates and EC keys. */
final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String KEY = "PRIVATE KEY";

  private Pem() {}

  static String of(X509Certificate certificate) throws GeneralSecurityException {
    return block("CERTIFICATE", certificate.getEncoded());
  }

  static String of(PrivateKey key) {
    return block(KEY, key.getEncoded());
  }

  static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    var body =
        pem.replace("-----BEGIN " + KEY + "-----", "").replace("-----END " + KEY + "-----", "");
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("not PEM", e);
    }
  }

  private static String block(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, LINES.encodeToString(content), type);
  }
}
