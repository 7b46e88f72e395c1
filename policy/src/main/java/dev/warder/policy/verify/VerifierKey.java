package dev.warder.policy.verify;

import dev.warder.policy.reference.Digest;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A public key with the one algorithm that its signatures have here: RSA of 2048 bits and more
 * (PKCS#1 v1.5, SHA-256), ECDSA on P-256 (SHA-256) and P-384 (SHA-384), Ed25519.
 */
public final class VerifierKey {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger P384_ORDER =
      new BigInteger(
          "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
              + "581a0db248b0a77aecec196accc52973",
          16);

  /** DER of a DigestInfo up to the 32 bytes of the SHA-256 hash. */
  private static final byte[] SHA256_DIGEST_INFO =
      HexFormat.of().parseHex("3031300d060960864801650304020105000420");

  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private final PublicKey key;
  private final String algorithm;

  private VerifierKey(PublicKey key, String algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  /** Empty for a key of another kind or size. */
  static Optional<VerifierKey> of(PublicKey key) {
    var algorithm =
        switch (key) {
          case RSAPublicKey rsa -> rsa(rsa.getModulus().bitLength());
          case ECPublicKey ec -> ecdsa(ec.getParams().getOrder());
          case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> "Ed25519";
          default -> "";
        };
    return algorithm.isEmpty() ? Optional.empty() : Optional.of(new VerifierKey(key, algorithm));
  }

  /** Reads a SubjectPublicKeyInfo in DER; empty for anything else and for other kinds of keys. */
  public static Optional<VerifierKey> ofDer(Bytes der) {
    return Stream.of("EC", "RSA", "Ed25519")
        .flatMap(algorithm -> read(algorithm, der).stream())
        .findFirst()
        .flatMap(VerifierKey::of);
  }

  private static Optional<PublicKey> read(String algorithm, Bytes der) {
    try {
      var spec = new X509EncodedKeySpec(der.array());
      var key = KeyFactory.getInstance(algorithm).generatePublic(spec);
      // The same key in other bytes would have another fingerprint.
      return Arrays.equals(key.getEncoded(), der.array()) ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static String rsa(int bits) {
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS ? "SHA256withRSA" : "";
  }

  private static String ecdsa(BigInteger order) {
    return order.equals(P256_ORDER)
        ? "SHA256withECDSA"
        : order.equals(P384_ORDER) ? "SHA384withECDSA" : "";
  }

  /** Whether it signed these bytes; a malformed signature is none. */
  public boolean verifies(byte[] message, byte[] signature) {
    return verifies(algorithm, message, signature);
  }

  /**
   * Whether it signed the bytes that have this SHA-256 hash; false where the algorithm needs more.
   */
  boolean verifiesHash(byte[] sha256, byte[] signature) {
    return switch (key) {
      case RSAPublicKey rsa -> verifiesHash(rsa, sha256, signature);
      case ECPublicKey _ when algorithm.equals("SHA256withECDSA") ->
          verifies("NONEwithECDSA", sha256, signature);
      default -> false;
    };
  }

  /** Whether it signed these bytes by RSASSA-PSS with SHA-256; false for keys of other kinds. */
  public boolean verifiesPss(byte[] message, byte[] signature) {
    return key instanceof RSAPublicKey
        && verifies("RSASSA-PSS", Optional.of(PSS), message, signature);
  }

  /** Whether it is one of ECDSA, of that many bits. */
  public boolean isEcdsa(int bits) {
    return key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == bits;
  }

  public boolean isEd25519() {
    return key instanceof EdECPublicKey;
  }

  private boolean verifies(String algorithm, byte[] message, byte[] signature) {
    return verifies(algorithm, Optional.empty(), message, signature);
  }

  private boolean verifies(
      String algorithm, Optional<PSSParameterSpec> parameters, byte[] message, byte[] signature) {
    try {
      var verifier = Signature.getInstance(algorithm);
      if (parameters.isPresent()) {
        verifier.setParameter(parameters.get());
      }
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** PKCS#1 v1.5: builds the one encoding that is right and compares it as a whole. */
  private static boolean verifiesHash(RSAPublicKey rsa, byte[] sha256, byte[] signature) {
    var size = (rsa.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    var number = new BigInteger(1, signature);
    if (signature.length != size || number.compareTo(rsa.getModulus()) >= 0) {
      return false;
    }
    var right = new byte[size];
    var info = size - SHA256_DIGEST_INFO.length - sha256.length;
    Arrays.fill(right, 2, info - 1, (byte) 0xff);
    right[1] = 1;
    System.arraycopy(SHA256_DIGEST_INFO, 0, right, info, SHA256_DIGEST_INFO.length);
    System.arraycopy(sha256, 0, right, size - sha256.length, sha256.length);
    return number
        .modPow(rsa.getPublicExponent(), rsa.getModulus())
        .equals(new BigInteger(1, right));
  }

  /** SubjectPublicKeyInfo in DER. */
  Bytes der() {
    return new Bytes(key.getEncoded());
  }

  Digest fingerprint() {
    return Digest.of(key.getEncoded());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey verifier && key.equals(verifier.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return key.getAlgorithm() + " key " + fingerprint();
  }
}
