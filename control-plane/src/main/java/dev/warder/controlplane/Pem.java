package dev.warder.controlplane;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;

/** Keys and certificates as text. */
final class Pem {

  private static final int KEY_BITS = 2048;

  private Pem() {}

  /** Makes a new RSA private key (PKCS#8). */
  static String newPrivateKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(KEY_BITS);
    return encode("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
  }

  static String certificate(X509Certificate certificate) throws CertificateException {
    return encode("CERTIFICATE", certificate.getEncoded());
  }

  /** The first certificate in the text that may sign others. */
  static Optional<X509Certificate> authorityIn(String text) throws CertificateException {
    var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
        .map(X509Certificate.class::cast)
        .filter(c -> c.getBasicConstraints() >= 0)
        .findFirst();
  }

  private static String encode(String type, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }
}
