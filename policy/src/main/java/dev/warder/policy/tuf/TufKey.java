package dev.warder.policy.tuf;

import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.Pem;
import dev.warder.policy.verify.StrictJson;
import dev.warder.policy.verify.UnverifiedException;
import dev.warder.policy.verify.VerifierKey;
import java.util.HexFormat;
import java.util.Optional;

/** A key of a role, with the scheme that its signatures have. */
record TufKey(VerifierKey key, Scheme scheme) {
  private static final int P256_BITS = 256;
  private static final int P384_BITS = 384;

  /** DER of a SubjectPublicKeyInfo of Ed25519 up to the key's 32 bytes. */
  private static final String ED25519_PREFIX = "302a300506032b6570032100";

  enum Scheme {
    /** As the key's kind has it. */
    USUAL,
    RSA_PSS
  }

  /** Empty for a key of another kind: it signs nothing. */
  static Optional<TufKey> of(StrictJson json) throws UnverifiedException {
    var value = json.object("keyval").text("public");
    return switch (json.text("scheme")) {
      case "ecdsa-sha2-nistp256" -> pem(value, Scheme.USUAL).filter(key -> key.ecdsa(P256_BITS));
      case "ecdsa-sha2-nistp384" -> pem(value, Scheme.USUAL).filter(key -> key.ecdsa(P384_BITS));
      case "rsassa-pss-sha256" -> pem(value, Scheme.RSA_PSS);
      case "ed25519" ->
          hex(ED25519_PREFIX + value)
              .flatMap(VerifierKey::ofDer)
              .filter(VerifierKey::isEd25519)
              .map(key -> new TufKey(key, Scheme.USUAL));
      default -> Optional.empty();
    };
  }

  private static Optional<TufKey> pem(String text, Scheme scheme) {
    return Pem.decode(text, "PUBLIC KEY")
        .flatMap(VerifierKey::ofDer)
        .map(key -> new TufKey(key, scheme));
  }

  private boolean ecdsa(int bits) {
    return key.isEcdsa(bits);
  }

  static Optional<Bytes> hex(String text) {
    try {
      return Optional.of(new Bytes(HexFormat.of().parseHex(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  boolean verifies(byte[] message, Bytes signature) {
    return switch (scheme) {
      case USUAL -> key.verifies(message, signature.array());
      case RSA_PSS -> key.verifiesPss(message, signature.array());
    };
  }
}
