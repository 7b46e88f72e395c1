package dev.warder.operator.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.policy.wasi.EvaluationBudget;
import org.jspecify.annotations.Nullable;

/** What a preparation depends on; an edit of anything else repeats none of its steps. */
record PreparationKey(String module, @Nullable JsonNode settings, EvaluationBudget budget) {
  static PreparationKey of(ClusterAdmissionPolicySpec spec, EvaluationBudget budget) {
    return new PreparationKey(spec.module(), spec.settings(), budget);
  }
}
