package dev.warder.webhook.tls;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** A certificate chain and its key that passed {@link TlsMaterial#check()}. */
public final class ServingCertificate {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final TlsMaterial material;
  private final X509Certificate leaf;

  private ServingCertificate(TlsMaterial material, X509Certificate leaf) {
    this.material = material;
    this.leaf = leaf;
  }

  static Outcome<ServingCertificate> of(TlsMaterial material, Instant now) {
    try {
      var chain = chain(material.certificateChainPem());
      if (chain.isEmpty()) {
        return invalid("there is no certificate in the PEM text");
      }
      var leaf = chain.getFirst();
      if (now.isBefore(leaf.getNotBefore().toInstant())) {
        return invalid("it is not valid before " + leaf.getNotBefore().toInstant());
      }
      if (now.isAfter(leaf.getNotAfter().toInstant())) {
        return invalid("it expired at " + leaf.getNotAfter().toInstant());
      }
      for (var i = 1; i < chain.size(); i++) {
        chain.get(i - 1).verify(chain.get(i).getPublicKey());
      }
      var key = privateKey(material.privateKeyPem(), leaf.getPublicKey().getAlgorithm());
      if (!belongTogether(key, leaf.getPublicKey())) {
        return invalid("the private key does not belong to the certificate");
      }
      var authorities = material.clientAuthoritiesPem();
      if (authorities.isPresent() && chain(authorities.get()).isEmpty()) {
        return invalid("there is no certificate in the PEM text of the client authorities");
      }
      return Outcome.done(new ServingCertificate(material, leaf));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return invalid(String.valueOf(e.getMessage()));
    }
  }

  /** The server's own certificate. */
  public X509Certificate leaf() {
    return leaf;
  }

  private static Outcome<ServingCertificate> invalid(String why) {
    return Outcome.failed(
        Reason.ServingCertificateInvalid, "The serving certificate cannot be used: " + why + ".");
  }

  private static List<X509Certificate> chain(String pem) throws GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    return factory.generateCertificates(bytes).stream().map(X509Certificate.class::cast).toList();
  }

  private static PrivateKey privateKey(String pem, String algorithm)
      throws GeneralSecurityException {
    var match = PKCS8.matcher(pem);
    if (!match.find()) {
      throw new GeneralSecurityException(
          "the private key is not PKCS#8 in PEM; convert it with openssl pkcs8 -topk8 -nocrypt");
    }
    var der = Base64.getMimeDecoder().decode(match.group(1));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    var signature =
        Signature.getInstance(
            switch (privateKey.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              case "EdDSA", "Ed25519" -> "EdDSA";
              default ->
                  throw new GeneralSecurityException(
                      "keys of type " + privateKey.getAlgorithm() + " are not supported");
            });
    var nonce = new byte[32];
    new SecureRandom().nextBytes(nonce);
    signature.initSign(privateKey);
    signature.update(nonce);
    var signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(nonce);
    return signature.verify(signed);
  }

  public TlsMaterial material() {
    return material;
  }

  /** Hexadecimal serial number of the server's certificate. */
  public String serial() {
    return leaf.getSerialNumber().toString(16);
  }

  public Instant notAfter() {
    return leaf.getNotAfter().toInstant();
  }
}
