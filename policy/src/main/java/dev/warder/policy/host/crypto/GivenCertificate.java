package dev.warder.policy.host.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** A certificate as guests give it: PEM or DER, as a list of bytes. */
final class GivenCertificate {
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----\\s*");
  private static final int MAX_BYTES = 1 << 20;

  private GivenCertificate() {}

  static X509Certificate read(JsonNode given, String name) throws UnusableCertificateException {
    var data = bytes(given.path("data"), name);
    return switch (given.path("encoding").asText("")) {
      case "Pem" -> parse(ofPem(data, name), name);
      case "Der" -> parse(data, name);
      default -> throw new UnusableCertificateException(name + ".encoding must be Pem or Der");
    };
  }

  private static byte[] bytes(JsonNode list, String name) throws UnusableCertificateException {
    if (list.size() > MAX_BYTES) {
      throw new UnusableCertificateException(name + " is larger than " + MAX_BYTES + " bytes");
    }
    var bytes = new byte[list.size()];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) list.get(i).intValue();
    }
    return bytes;
  }

  private static byte[] ofPem(byte[] text, String name) throws UnusableCertificateException {
    var found = PEM.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!found.matches()) {
      throw new UnusableCertificateException(name + " is not one certificate in PEM");
    }
    try {
      return Base64.getMimeDecoder().decode(found.group(1));
    } catch (IllegalArgumentException e) {
      throw new UnusableCertificateException(name + " is not one certificate in PEM");
    }
  }

  private static X509Certificate parse(byte[] der, String name)
      throws UnusableCertificateException {
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      // The factory would also take PEM, and what comes before or behind.
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        throw new UnusableCertificateException(name + " is not one certificate in DER");
      }
      return certificate;
    } catch (CertificateException e) {
      throw new UnusableCertificateException(name + " is no certificate that can be read");
    }
  }
}
