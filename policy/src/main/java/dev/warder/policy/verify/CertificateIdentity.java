package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTF8String;

/**
 * Whom a Fulcio certificate names.
 *
 * @param subject an e-mail address or a URI
 * @param issuer of the identity token
 * @param repository {@code owner/name} whose GitHub workflow ran
 */
record CertificateIdentity(
    String subject, boolean isUri, String issuer, Optional<String> repository) {
  private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
  private static final String RAW_ISSUER = "1.3.6.1.4.1.57264.1.1";
  private static final String SOURCE_REPOSITORY = "1.3.6.1.4.1.57264.1.12";
  private static final String RAW_REPOSITORY = "1.3.6.1.4.1.57264.1.5";
  private static final String GITHUB = "https://github.com/";
  private static final int EMAIL = 1;
  private static final int URI = 6;

  static CertificateIdentity of(X509Certificate certificate) throws UnverifiedException {
    var name = onlyName(certificate);
    var issuer = agreed(text(certificate, ISSUER), raw(certificate, RAW_ISSUER), "issuers");
    require(issuer.isPresent(), "its certificate names no issuer of the identity");
    var source = text(certificate, SOURCE_REPOSITORY);
    return new CertificateIdentity(
        (String) name.get(1),
        name.getFirst().equals(URI),
        issuer.get(),
        agreed(
            raw(certificate, RAW_REPOSITORY),
            source.filter(uri -> uri.startsWith(GITHUB)).map(uri -> uri.substring(GITHUB.length())),
            "repositories"));
  }

  private static List<?> onlyName(X509Certificate certificate) throws UnverifiedException {
    try {
      var names =
          Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of());
      require(
          names.size() == 1,
          "its certificate has %d subject names instead of one".formatted(names.size()));
      var name = names.iterator().next();
      require(
          name.getFirst().equals(EMAIL) || name.getFirst().equals(URI),
          "the subject of its certificate is neither an e-mail address nor a URI");
      return name;
    } catch (CertificateParsingException _) {
      throw new UnverifiedException("the subject of its certificate cannot be read");
    }
  }

  private static Optional<String> agreed(Optional<String> one, Optional<String> other, String what)
      throws UnverifiedException {
    require(
        one.isEmpty() || other.isEmpty() || one.equals(other), "its certificate names two " + what);
    return one.or(() -> other);
  }

  /** An extension that holds a UTF8String. */
  private static Optional<String> text(X509Certificate certificate, String oid)
      throws UnverifiedException {
    var content = content(certificate, oid);
    try {
      return content.map(bytes -> ASN1UTF8String.getInstance(parsed(bytes)).getString());
    } catch (IllegalArgumentException | IllegalStateException _) {
      throw new UnverifiedException(
          "the extension %s of its certificate cannot be read".formatted(oid));
    }
  }

  private static Object parsed(byte[] der) {
    try {
      var value = ASN1Primitive.fromByteArray(der);
      if (value == null) {
        throw new IllegalArgumentException("it is empty");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** An extension that holds nothing but text, which Fulcio's first ones do. */
  private static Optional<String> raw(X509Certificate certificate, String oid)
      throws UnverifiedException {
    return content(certificate, oid).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Optional<byte[]> content(X509Certificate certificate, String oid)
      throws UnverifiedException {
    try {
      return Optional.ofNullable(certificate.getExtensionValue(oid))
          .map(value -> ASN1OctetString.getInstance(value).getOctets());
    } catch (IllegalArgumentException | IllegalStateException _) {
      throw new UnverifiedException(
          "the extension %s of its certificate cannot be read".formatted(oid));
    }
  }
}
