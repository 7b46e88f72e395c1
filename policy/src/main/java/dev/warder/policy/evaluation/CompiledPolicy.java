package dev.warder.policy.evaluation;

import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.verify.Verification;
import dev.warder.policy.wasi.CompiledModule;
import java.util.Optional;

/** A described module with its program, which other policies may share; no longer its bytes. */
record CompiledPolicy(
    FetchedModule fetched,
    Optional<Verification> verification,
    PolicyMetadata metadata,
    CompiledModule program) {
  static CompiledPolicy of(DescribedModule described, CompiledModule program) {
    var module = described.module();
    return new CompiledPolicy(
        module.fetched(), module.verification(), described.metadata(), program);
  }

  /** The same policy with its program run in another way. */
  CompiledPolicy with(CompiledModule otherProgram) {
    return new CompiledPolicy(fetched, verification, metadata, otherProgram);
  }

  CompiledPolicy with(Optional<Verification> otherVerification) {
    return new CompiledPolicy(fetched, otherVerification, metadata, program);
  }
}
