package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.UnverifiedException;
import dev.warder.policy.verify.VerifierKey;
import java.util.HashSet;
import java.util.Map;

/**
 * Who signs one kind of metadata.
 *
 * @param keys by their names
 * @param threshold how many of them must sign
 */
record Role(Map<String, TufKey> keys, long threshold) {
  void requireSigned(Metadata metadata) throws UnverifiedException {
    var signers = signers(metadata);
    require(
        signers >= threshold,
        "%s of version %d is signed by %d keys of its role instead of %d"
            .formatted(metadata.name(), metadata.version(), signers, threshold));
  }

  boolean signed(Metadata metadata) {
    return signers(metadata) >= threshold;
  }

  /** A key counts once, however many names and signatures it has. */
  private int signers(Metadata metadata) {
    var signers = new HashSet<VerifierKey>();
    for (var signature : metadata.signatures()) {
      var key = keys.get(signature.keyId());
      if (key != null && key.verifies(metadata.canonical().array(), signature.signature())) {
        signers.add(key.key());
      }
    }
    return signers.size();
  }
}
