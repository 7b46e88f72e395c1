package dev.warder.policy.tuf;

import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.TrustRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What is believed of a Sigstore instance from the start.
 *
 * @param root a root.json; later ones are believed as it leads to them
 * @param targetsVersion of the trust root; nothing older is taken
 * @param release the trust root that counts until there is a later one
 */
public record TrustAnchor(Bytes root, long targetsVersion, TrustRoot release) {
  static final String TARGET = "trusted_root.json";
  private static final String PUBLIC_GOOD = "public-good-root.json";
  private static final long PUBLIC_GOOD_TARGETS = 14;

  /** Of Sigstore's public instance. */
  public static TrustAnchor publicGood() {
    try (var in =
        Objects.requireNonNull(
            TrustAnchor.class.getResourceAsStream(PUBLIC_GOOD), "the release has a root")) {
      return new TrustAnchor(
          new Bytes(in.readAllBytes()), PUBLIC_GOOD_TARGETS, TrustRoot.publicGood());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
