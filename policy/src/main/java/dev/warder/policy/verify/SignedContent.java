package dev.warder.policy.verify;

import dev.warder.policy.reference.Digest;
import java.util.Optional;

/** What a signature is over, as bytes: nobody reads them before the signature is verified. */
sealed interface SignedContent permits SimpleSigning, Envelope, ManifestMessage {
  /** What the hash of a log entry is of. */
  enum Hashed {
    /** All that was signed. */
    MESSAGE,
    /** What is inside a DSSE envelope. */
    PAYLOAD
  }

  /** Its name in messages and the status. */
  String format();

  boolean isSignedBy(VerifierKey key, Bytes signature);

  /** The hash that a log entry of this must have; empty if there is no such entry of it. */
  Optional<Bytes> hash(Hashed hashed, HashAlgorithm algorithm);

  /** What it claims, if it is of this manifest. Only for content whose signature is verified. */
  Claims claims(Digest manifest) throws UnverifiedException;
}
