package dev.warder.policy.verify;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** A key of somebody who signs. */
record SigningKey(KeyPair pair, String algorithm) {
  static SigningKey p256() {
    return ec("secp256r1", "SHA256withECDSA");
  }

  static SigningKey p384() {
    return ec("secp384r1", "SHA384withECDSA");
  }

  static SigningKey p521() {
    return ec("secp521r1", "SHA512withECDSA");
  }

  static SigningKey ed25519() {
    return make("Ed25519", 0, "Ed25519");
  }

  static SigningKey rsa(int bits) {
    return make("RSA", bits, "SHA256withRSA");
  }

  private static SigningKey ec(String curve, String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return new SigningKey(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static SigningKey make(String kind, int bits, String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(kind);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return new SigningKey(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  byte[] sign(byte[] message) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  byte[] der() {
    return pair.getPublic().getEncoded();
  }

  String pem() {
    return Pem.encode("PUBLIC KEY", der());
  }

  VerifierKey verifier() {
    return VerifierKey.ofDer(new Bytes(der())).orElseThrow();
  }

  /** A pubKey entry of a verification config, in one line of YAML. */
  String rule() {
    return "{kind: pubKey, key: \"%s\"}".formatted(pem().replace("\n", "\\n"));
  }
}
