package dev.warder.policy.wasi.golang;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;

/** What a module's metadata says about pre-initialisation. */
public final class Annotations {
  /** On a pre-initialised module: the digest of the module that it was made from. */
  public static final String DONE = "dev.warder.preinitialised";

  /** By this an author refuses pre-initialisation: {@code "false"}. */
  public static final String WANTED = "dev.warder.preinitialise";

  private Annotations() {}

  static void check(byte[] module) throws UnsuitableException {
    switch (PolicyMetadataReader.read(module)) {
      case Outcome.Done<PolicyMetadata>(var metadata) -> check(metadata);
      case Outcome.Failed<PolicyMetadata>(var failure) -> {
        if (failure.reason() != Reason.MetadataMissing) {
          throw UnsuitableException.malformed(failure.message());
        }
      }
    }
  }

  private static void check(PolicyMetadata metadata) throws UnsuitableException {
    var annotations = metadata.annotations();
    if (annotations.containsKey(DONE)) {
      throw new UnsuitableException(
          "the module is pre-initialised already: its annotation %s is set".formatted(DONE));
    }
    if ("false".equals(annotations.get(WANTED))) {
      throw new UnsuitableException(
          "the module's author refuses pre-initialisation: its annotation %s is \"false\""
              .formatted(WANTED));
    }
  }
}
