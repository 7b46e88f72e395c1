package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.verify.VerifiedModule;

/** Reads what a module says about itself. */
public final class PolicyMetadataReader {
  /** The Kubewarden release whose policies this Warder runs. */
  public static final String KUBEWARDEN_COMPATIBILITY = "1.38.0";

  private PolicyMetadataReader() {}

  /**
   * Reads the metadata section and checks that it describes a WASI policy for this or an older
   * Kubewarden.
   */
  public static Outcome<DescribedModule> describe(VerifiedModule module) {
    return Outcome.failed(Reason.InternalError, module.fetched().immutableReference());
  }

  /** Reads the metadata of any module, also of one that Warder does not run. */
  public static Outcome<PolicyMetadata> read(byte[] module) {
    return Outcome.failed(Reason.InternalError, "read " + module.length);
  }

  /** Reads a metadata.yml, as {@code kwctl annotate} takes it. */
  public static Outcome<PolicyMetadata> parseYaml(String yaml) {
    return Outcome.failed(Reason.InternalError, yaml);
  }
}
