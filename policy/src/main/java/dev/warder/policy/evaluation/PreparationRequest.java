package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
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
 */
public record PreparationRequest(
    String module,
    @Nullable JsonNode settings,
    EvaluationBudget budget,
    Optional<Pinned> pinned,
    Requirement requirement) {

  /** A reference that is resolved already. */
  public record Pinned(String immutableReference, Digest moduleDigest) {}
}
