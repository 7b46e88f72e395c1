package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The DSSE envelope of a bundle that {@code cosign sign} attaches, an in-toto statement inside. */
record Envelope(String payloadType, Bytes payload) implements SignedContent {
  private static final String IN_TOTO = "application/vnd.in-toto+json";
  private static final String STATEMENT = "https://in-toto.io/Statement/v";

  /** Attestations are statements, too, but no signatures of an image. */
  static final String SIGN = "https://sigstore.dev/cosign/sign/v1";

  private static final int MAX_SUBJECTS = 1024;

  @Override
  public String format() {
    return "bundle with DSSE envelope";
  }

  @Override
  public boolean isSignedBy(VerifierKey key, Bytes signature) {
    return key.verifies(encoded(), signature.array());
  }

  @Override
  public Optional<Bytes> hash(Hashed hashed, HashAlgorithm algorithm) {
    return Optional.of(
        algorithm.of(
            switch (hashed) {
              case MESSAGE -> encoded();
              case PAYLOAD -> payload.array();
            }));
  }

  /** Pre-authentication encoding: what the signature is over. */
  private byte[] encoded() {
    var type = payloadType.getBytes(StandardCharsets.UTF_8);
    var head =
        "DSSEv1 %d %s %d "
            .formatted(type.length, payloadType, payload.length())
            .getBytes(StandardCharsets.UTF_8);
    var encoded = Arrays.copyOf(head, head.length + payload.length());
    System.arraycopy(payload.array(), 0, encoded, head.length, payload.length());
    return encoded;
  }

  @Override
  public Claims claims(Digest manifest) throws UnverifiedException {
    require(payloadType.equals(IN_TOTO), "its envelope holds no in-toto statement");
    var json = StrictJson.read("its statement", payload.array());
    require(json.text("_type").startsWith(STATEMENT), "its statement is no in-toto statement");
    require(
        json.text("predicateType").equals(SIGN),
        "its statement is an attestation, not the signature of an image (predicate type "
            + SIGN
            + ")");
    for (var subject : json.objects("subject", MAX_SUBJECTS)) {
      if (subject.object("digest").optionalText("sha256").equals(Optional.of(manifest.hex()))) {
        return new Claims(
            SimpleSigning.annotations(subject.object("annotations")), Optional.empty());
      }
    }
    throw new UnverifiedException("it is the signature of another digest");
  }
}
