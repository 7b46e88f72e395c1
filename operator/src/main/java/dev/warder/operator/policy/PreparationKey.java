package dev.warder.operator.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.operator.revision.PolicyGrants;
import dev.warder.policy.host.Grants;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.wasi.EvaluationBudget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a preparation depends on; an edit of anything else repeats none of its steps.
 *
 * @param required whose signatures the module needs
 */
record PreparationKey(Asked asked, Optional<SignaturePolicy> required) {

  /** The part that the policy's author decides. */
  record Asked(String module, @Nullable JsonNode settings, EvaluationBudget budget, Grants grants) {
    static Asked of(ClusterAdmissionPolicySpec spec, EvaluationBudget budget) {
      return new Asked(spec.module(), spec.settings(), budget, PolicyGrants.of(spec));
    }
  }
}
