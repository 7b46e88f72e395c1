package dev.warder.cli.serve;

import dev.warder.cli.serve.Entry.Wanted;
import dev.warder.policy.Failure;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.VerificationLoss;
import dev.warder.webhook.registry.ServedPolicy;
import java.util.Optional;

/**
 * A policy that was accepted.
 *
 * @param wanted what it was prepared from
 * @param verifiedBy what its module was judged by last
 * @param loss why its module no longer passes, or why nobody knows
 * @param suspended whether it judges nothing until its module passes
 */
record Current(
    Wanted wanted,
    ServedPolicy policy,
    Requirement verifiedBy,
    Optional<Failure> loss,
    boolean suspended) {
  static Current accepted(Wanted wanted, ServedPolicy policy, Requirement by) {
    return new Current(wanted, policy, by, Optional.empty(), false);
  }

  /** What was not answered for good is asked again. */
  boolean isToBeVerified(Requirement now) {
    return loss.isPresent() || !verifiedBy.equals(now);
  }

  /** The same module with other rules. */
  Current with(ServedPolicy other) {
    return new Current(wanted, other, verifiedBy, loss, suspended);
  }

  Current passed(PreparedPolicy verified, Requirement by) {
    return accepted(
        wanted,
        new ServedPolicy(
            policy.id(), policy.generation(), verified, policy.rules(), policy.budget()),
        by);
  }

  /** Whether a registry answers decides nothing. */
  Current lost(Failure failure, Requirement by, VerificationLoss then) {
    return new Current(
        wanted,
        policy,
        by,
        Optional.of(failure),
        suspended || (!failure.retryable() && then == VerificationLoss.REJECT));
  }
}
