package dev.warder.operator.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the authority (10 years) and the serving certificates that it signs (1 year), EC P-256. */
final class CertificateMaker {
  static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  static final Duration SERVING_LIFE = Duration.ofDays(365);

  /** Clocks of other machines may be behind. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  CertificateMaker(Clock clock) {
    this.clock = clock;
  }

  CertificateBundle make(Set<String> hosts) {
    try {
      var authorityKeys = keys();
      var name = new X500Name("CN=Warder webhook authority");
      var authority =
          sign(name, authorityKeys.getPrivate(), name, authorityKeys, AUTHORITY_LIFE, Set.of());
      return serving(authority, authorityKeys.getPrivate(), hosts);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make the webhook's certificate authority", e);
    }
  }

  /** A new serving certificate from the authority that a bundle holds. */
  CertificateBundle renew(CertificateBundle bundle, Set<String> hosts) {
    try {
      return serving(
          Pem.certificate(bundle.authority()), Pem.privateKey(bundle.authorityKey()), hosts);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot renew the webhook's certificate", e);
    }
  }

  private CertificateBundle serving(X509Certificate authority, PrivateKey key, Set<String> hosts)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    var keys = keys();
    var certificate =
        sign(
            X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
            key,
            new X500Name("CN=Warder webhook"),
            keys,
            SERVING_LIFE,
            hosts);
    return new CertificateBundle(
        Pem.of(authority), Pem.of(key), Pem.of(certificate), Pem.of(keys.getPrivate()));
  }

  private X509Certificate sign(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      KeyPair keys,
      Duration life,
      Set<String> hosts)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    var now = clock.instant();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(life)),
            subject,
            keys.getPublic());
    var authority = hosts.isEmpty();
    var extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(keys.getPublic()));
    if (authority) {
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } else {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
  }

  private static GeneralNames names(Set<String> hosts) {
    var names = new ArrayList<GeneralName>();
    for (var host : hosts) {
      names.add(
          new GeneralName(
              Hosts.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private KeyPair keys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }
}
