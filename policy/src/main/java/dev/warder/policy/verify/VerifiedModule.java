package dev.warder.policy.verify;

import dev.warder.policy.fetch.FetchedModule;
import java.util.Optional;

/**
 * A fetched module whose bytes, read back from the store, have the digest they were fetched under,
 * and that carries the signatures that were required of it.
 */
public final class VerifiedModule {
  private final FetchedModule fetched;
  private final byte[] content;
  private final Optional<Verification> verification;

  VerifiedModule(FetchedModule fetched, byte[] content, Optional<Verification> verification) {
    this.fetched = fetched;
    this.content = content;
    this.verification = verification;
  }

  public FetchedModule fetched() {
    return fetched;
  }

  /** The module's bytes; callers must not change them. */
  public byte[] content() {
    return content;
  }

  /** Who signed it; empty if no signature was required, or one that is missing was forgiven. */
  public Optional<Verification> verification() {
    return verification;
  }
}
