package dev.warder.policy.verify;

import dev.warder.policy.fetch.FetchedModule;

/**
 * A fetched module whose bytes, read back from the store, have the digest they were fetched under.
 */
public final class VerifiedModule {
  private final FetchedModule fetched;
  private final byte[] content;

  VerifiedModule(FetchedModule fetched, byte[] content) {
    this.fetched = fetched;
    this.content = content;
  }

  public FetchedModule fetched() {
    return fetched;
  }

  /** The module's bytes; callers must not change them. */
  public byte[] content() {
    return content;
  }
}
