package dev.warder.operator.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import org.jspecify.annotations.Nullable;

/** What a preparation depends on; an edit of anything else repeats none of its steps. */
record PreparationKey(
    String module, @Nullable JsonNode settings, @Nullable Integer timeoutEvalSeconds) {
  static PreparationKey of(ClusterAdmissionPolicySpec spec) {
    return new PreparationKey(spec.module(), spec.settings(), spec.timeoutEvalSeconds());
  }
}
