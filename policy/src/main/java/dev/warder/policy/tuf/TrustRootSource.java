package dev.warder.policy.tuf;

import java.net.URI;

/**
 * Where a trust root is refreshed from.
 *
 * @param repository address of a repository of The Update Framework
 * @param anchor what is believed without it
 */
public record TrustRootSource(URI repository, TrustAnchor anchor) {
  /** Sigstore's public instance, at its own address or a mirror. */
  public static TrustRootSource publicGood(URI repository) {
    return new TrustRootSource(repository, TrustAnchor.publicGood());
  }
}
