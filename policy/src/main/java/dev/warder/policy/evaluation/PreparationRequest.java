package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.host.Grants;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.wasi.EvaluationBudget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to prepare.
 *
 * @param module spec.module
 * @param settings spec.settings
 * @param budget for the settings check and the rehearsal, each
 * @param pinned what the reference was resolved to earlier, so that a restart never takes another
 *     module than the one that was served
 * @param requirement what the module must pass before it is compiled
 * @param policy its name, for what it asks of the host
 * @param grants what it may ask the host for
 */
public record PreparationRequest(
    String module,
    @Nullable JsonNode settings,
    EvaluationBudget budget,
    Optional<Pinned> pinned,
    Requirement requirement,
    String policy,
    Grants grants) {

  /** What to prepare for a policy that may ask the host for nothing. */
  public PreparationRequest(
      String module,
      @Nullable JsonNode settings,
      EvaluationBudget budget,
      Optional<Pinned> pinned,
      Requirement requirement) {
    this(module, settings, budget, pinned, requirement, "", Grants.NONE);
  }

  /** The same for a policy that may ask the host for this. */
  public PreparationRequest granted(String name, Grants allowed) {
    return new PreparationRequest(module, settings, budget, pinned, requirement, name, allowed);
  }

  /** A reference that is resolved already. */
  public record Pinned(String immutableReference, Digest moduleDigest) {}
}
