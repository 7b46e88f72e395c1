package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

final class CertificateIdentityTest {
  private static final String RAW_ISSUER = "1.3.6.1.4.1.57264.1.1";
  private static final String RAW_REPOSITORY = "1.3.6.1.4.1.57264.1.5";
  private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
  private static final String SOURCE = "1.3.6.1.4.1.57264.1.12";
  private static final GeneralName NAME = PrivateSigstore.uri("https://host.test/x");

  @Test
  void readsEitherIssuer() throws Exception {
    var identity = new CertificateIdentity("https://host.test/x", true, "issuer", Optional.empty());
    for (var extensions :
        List.of(
            Map.of(RAW_ISSUER, raw("issuer")),
            Map.of(ISSUER, text("issuer")),
            Map.of(RAW_ISSUER, raw("issuer"), ISSUER, text("issuer")))) {
      assertThat(CertificateIdentity.of(certificate(List.of(NAME), extensions)))
          .isEqualTo(identity);
    }
  }

  @Test
  void readsEitherRepository() throws Exception {
    for (var extensions :
        List.of(
            Map.of(RAW_ISSUER, raw("i"), RAW_REPOSITORY, raw("o/r")),
            Map.of(RAW_ISSUER, raw("i"), SOURCE, text("https://github.com/o/r")),
            Map.of(
                RAW_ISSUER,
                raw("i"),
                RAW_REPOSITORY,
                raw("o/r"),
                SOURCE,
                text("https://github.com/o/r")))) {
      assertThat(CertificateIdentity.of(certificate(List.of(NAME), extensions)).repository())
          .contains("o/r");
    }
    assertThat(
            CertificateIdentity.of(
                    certificate(
                        List.of(NAME),
                        Map.of(RAW_ISSUER, raw("i"), SOURCE, text("https://gitlab.test/o/r"))))
                .repository())
        .isEmpty();
  }

  @Test
  void refusesWhatDisagrees() throws Exception {
    assertRefused(
        List.of(NAME),
        Map.of(RAW_ISSUER, raw("one"), ISSUER, text("two")),
        "its certificate names two issuers");
    assertRefused(
        List.of(NAME),
        Map.of(
            RAW_ISSUER,
            raw("i"),
            RAW_REPOSITORY,
            raw("o/r"),
            SOURCE,
            text("https://github.com/evil/r")),
        "its certificate names two repositories");
  }

  @Test
  void refusesWhatIsMissingOrTwice() throws Exception {
    var extensions = Map.of(RAW_ISSUER, raw("i"));
    assertRefused(List.of(NAME), Map.of(), "its certificate names no issuer");
    assertRefused(List.of(), extensions, "its certificate has 0 subject names instead of one");
    assertRefused(
        List.of(NAME, new GeneralName(GeneralName.rfc822Name, "a@example.org")),
        extensions,
        "its certificate has 2 subject names instead of one");
    assertRefused(
        List.of(NAME),
        Map.of(ISSUER, raw("no DER")),
        "the extension 1.3.6.1.4.1.57264.1.8 of its certificate cannot be read");
  }

  @Test
  void refusesExtensionsThatAreEmpty() throws Exception {
    assertRefused(
        List.of(NAME),
        Map.of(ISSUER, new byte[0]),
        "the extension 1.3.6.1.4.1.57264.1.8 of its certificate cannot be read");
    assertRefused(
        List.of(NAME),
        Map.of(RAW_ISSUER, raw("i"), SOURCE, new byte[0]),
        "the extension 1.3.6.1.4.1.57264.1.12 of its certificate cannot be read");
  }

  private static void assertRefused(
      List<GeneralName> names, Map<String, byte[]> extensions, String why) throws Exception {
    var certificate = certificate(names, extensions);
    assertThatThrownBy(() -> CertificateIdentity.of(certificate))
        .isInstanceOf(UnverifiedException.class)
        .hasMessageStartingWith(why);
  }

  private static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] text(String text) throws Exception {
    return new DERUTF8String(text).getEncoded();
  }

  private static X509Certificate certificate(
      List<GeneralName> names, Map<String, byte[]> extensions) throws Exception {
    var key = SigningKey.p256();
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=issuer"),
            BigInteger.ONE,
            Date.from(PrivateSigstore.NOW),
            Date.from(PrivateSigstore.NOW),
            new X500Name("CN=subject"),
            key.pair().getPublic());
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          true,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
    for (var extension : extensions.entrySet()) {
      builder.addExtension(
          new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder(key.algorithm()).build(key.pair().getPrivate())));
  }
}
