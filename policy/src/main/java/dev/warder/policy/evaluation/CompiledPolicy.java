package dev.warder.policy.evaluation;

import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.wasi.CompiledModule;

/** A described module with its program, which other policies may share; no longer its bytes. */
record CompiledPolicy(FetchedModule fetched, PolicyMetadata metadata, CompiledModule program) {
  static CompiledPolicy of(DescribedModule described, CompiledModule program) {
    return new CompiledPolicy(described.module().fetched(), described.metadata(), program);
  }

  /** The same policy with its program run in another way. */
  CompiledPolicy with(CompiledModule otherProgram) {
    return new CompiledPolicy(fetched, metadata, otherProgram);
  }
}
