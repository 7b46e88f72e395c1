package dev.warder.operator.revision;

import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.crd.ModuleExecution;
import dev.warder.crd.ModuleStatus;
import dev.warder.crd.PolicyModeName;
import dev.warder.operator.budget.BudgetAnnotations;
import dev.warder.operator.status.PolicyView.Serving;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Execution;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.ServedPolicy;
import java.util.Optional;

/**
 * A generation of a policy that passed every step of the journey.
 *
 * @param uid of the resource; another resource of the same name is another policy
 * @param asked the annotations that the budget came from
 * @param budget of one evaluation
 * @param trust names the requirements that the module was verified by
 */
public record Revision(
    PolicyId id,
    String uid,
    long generation,
    ClusterAdmissionPolicySpec spec,
    BudgetAnnotations asked,
    EvaluationBudget budget,
    PreparedPolicy prepared,
    String trust) {
  /** Not known any more, so that nothing equals it. */
  public static final String UNKNOWN_TRUST = "";

  public PolicyMode mode() {
    return spec.mode() == PolicyModeName.MONITOR ? PolicyMode.MONITOR : PolicyMode.PROTECT;
  }

  ServedPolicy served() {
    var rules =
        new PolicyRules(mode(), spec.mutating(), Optional.ofNullable(spec.message()), id.value());
    return new ServedPolicy(id, generation, prepared, rules, budget);
  }

  /** Whether its module was accepted when that one's was, and not anew. */
  boolean hasAcceptanceOf(Revision other) {
    return prepared.equals(other.prepared) && trust.equals(other.trust);
  }

  /** The same generation, with its module verified by other requirements. */
  Revision verified(PreparedPolicy again, String by) {
    return new Revision(id, uid, generation, spec, asked, budget, again, by);
  }

  /**
   * What status says of it.
   *
   * @param lost whether the module does not pass what is required now
   */
  public Serving serving(boolean lost) {
    var fetched = prepared.fetched();
    return new Serving(
        generation,
        mode(),
        new ModuleStatus(
            fetched.immutableReference(),
            fetched.digest().toString(),
            fetched.size(),
            execution(prepared.execution().mode()),
            prepared.execution().reason(),
            Verifications.status(prepared.verification(), lost)));
  }

  private static ModuleExecution execution(Execution.Mode mode) {
    return switch (mode) {
      case PREINITIALISED -> ModuleExecution.PREINITIALISED;
      case DIRECT -> ModuleExecution.DIRECT;
    };
  }
}
