package dev.warder.webhook.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as a test. */
public final class TestAuthority {
  private static final X500Name NAME = new X500Name("CN=Test authority");
  private static final Duration AGE = Duration.ofDays(2);

  private final KeyPair keys = keys("EC");
  private final X509Certificate certificate = sign(NAME, keys, Instant.now().plus(AGE), true);

  /** A certificate for this machine with its key. */
  public TlsMaterial issue(String keyAlgorithm) {
    return issue(keyAlgorithm, Instant.now().plus(AGE));
  }

  /** A certificate that ends at this moment, two days after it began. */
  TlsMaterial issue(String keyAlgorithm, Instant notAfter) {
    var leafKeys = keys(keyAlgorithm);
    var leaf = sign(new X500Name("CN=localhost"), leafKeys, notAfter, false);
    return new TlsMaterial(pem(leaf), pem(leafKeys.getPrivate()));
  }

  /** What a chain ends with. */
  String pem() {
    return pem(certificate);
  }

  /** Trusts this authority and no other. */
  public SSLContext trust() {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(X500Name subject, KeyPair subjectKeys, Instant end, boolean ca) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              new BigInteger(120, new SecureRandom()),
              Date.from(end.minus(AGE).minus(AGE)),
              Date.from(end),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] der) {
    var text = new StringWriter();
    text.append("-----BEGIN ").append(label).append("-----\n");
    text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    text.append("\n-----END ").append(label).append("-----\n");
    return text.toString();
  }
}
