package dev.warder.policy.reference;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;

/** Reads spec.module. */
public final class ModuleReferences {
  private ModuleReferences() {}

  /**
   * Reads a reference by Docker's conventions: no scheme means {@code registry://}, no host means
   * docker.io, no tag and no digest mean {@code :latest}. Anything else fails with {@code
   * ModuleReferenceInvalid}.
   */
  public static Outcome<ModuleReference> parse(String text) {
    return Outcome.failed(Reason.InternalError, text);
  }
}
