package dev.warder.cli;

import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.VerifiedModule;

/** What a module says about itself, before anything is done with it. */
final class ModuleMetadata {
  private ModuleMetadata() {}

  /** The module as it was fetched; no signature is asked for, as nothing of it is run. */
  static Outcome<VerifiedModule> module(
      ModuleFetcher fetcher, ModuleVerifier verifier, String reference) {
    return ModuleReferences.parse(reference)
        .then(fetcher::fetch)
        .then(fetched -> verifier.verify(fetched, Requirement.NONE));
  }

  static Outcome<PolicyMetadata> read(
      ModuleFetcher fetcher, ModuleVerifier verifier, String reference) {
    return module(fetcher, verifier, reference)
        .then(verified -> PolicyMetadataReader.read(verified.content()));
  }
}
