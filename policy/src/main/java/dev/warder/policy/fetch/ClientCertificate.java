package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** A certificate and key with which a host is shown who asks; its text form hides the key. */
public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----\\s*([A-Za-z0-9+/=\\s]++)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

  public ClientCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads a chain, the own certificate first, and a PKCS #8 key in PEM. Fails with {@code
   * SourcesInvalid}.
   *
   * @param origin what messages call it
   */
  public static Outcome<ClientCertificate> parse(byte[] chain, byte[] key, String origin) {
    return Certificates.parse(chain, origin)
        .then(
            certificates ->
                key(key, origin)
                    .map(privateKey -> new ClientCertificate(certificates, privateKey)));
  }

  private static Outcome<PrivateKey> key(byte[] pem, String origin) {
    var found = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (found.find()) {
      for (var algorithm : ALGORITHMS) {
        try {
          var encoded = Base64.getMimeDecoder().decode(found.group(1));
          return Outcome.done(
              KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          // It may be of the next kind.
        }
      }
    }
    return Certificates.invalid(
        "the key of "
            + origin
            + " is no unencrypted PKCS #8 key (BEGIN PRIVATE KEY) of EC, RSA or"
            + " Ed25519; convert it with openssl pkcs8 -topk8 -nodes");
  }

  @Override
  public String toString() {
    return "ClientCertificate["
        + chain.stream().map(X509Certificate::getSubjectX500Principal).toList()
        + ", key=(hidden)]";
  }
}
