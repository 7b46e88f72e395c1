package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import java.util.Map;
import java.util.Optional;

/**
 * The message signature of a bundle, over the manifest itself.
 *
 * @param sha256 of the manifest, as the bundle tells it
 */
record ManifestMessage(Bytes sha256) implements SignedContent {
  @Override
  public String format() {
    return "bundle with message signature";
  }

  @Override
  public boolean isSignedBy(VerifierKey key, Bytes signature) {
    return key.verifiesHash(sha256.array(), signature.array());
  }

  @Override
  public Optional<Bytes> hash(Hashed hashed, HashAlgorithm algorithm) {
    return hashed == Hashed.MESSAGE && algorithm == HashAlgorithm.SHA_256
        ? Optional.of(sha256)
        : Optional.empty();
  }

  @Override
  public Claims claims(Digest manifest) throws UnverifiedException {
    require(
        Digest.ofHash(sha256.array()).equals(manifest), "it is the signature of another digest");
    return new Claims(Map.of(), Optional.empty());
  }
}
