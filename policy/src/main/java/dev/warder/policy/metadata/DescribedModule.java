package dev.warder.policy.metadata;

import dev.warder.policy.verify.VerifiedModule;

/** A verified module that says it is a WASI policy which this Warder can run. */
public final class DescribedModule {
  private final VerifiedModule module;
  private final PolicyMetadata metadata;

  DescribedModule(VerifiedModule module, PolicyMetadata metadata) {
    this.module = module;
    this.metadata = metadata;
  }

  public VerifiedModule module() {
    return module;
  }

  public PolicyMetadata metadata() {
    return metadata;
  }
}
