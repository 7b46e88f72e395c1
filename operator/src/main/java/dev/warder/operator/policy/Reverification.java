package dev.warder.operator.policy;

import dev.warder.operator.RetryDelays;
import dev.warder.operator.policyserver.InstanceSettings;
import dev.warder.operator.policyserver.Trust;
import dev.warder.operator.policyserver.VerificationLoss;
import dev.warder.operator.revision.Revision;
import dev.warder.operator.revision.Revisions;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.verify.Requirement;
import dev.warder.webhook.registry.PolicyId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Verifies served modules again when other signatures are required than when they were accepted.
 * The policy is served meanwhile, and what follows from a module that no longer passes is for the
 * PolicyServer to say.
 */
final class Reverification implements AutoCloseable {
  private final Attempts<Key, PreparedPolicy> attempts;
  private final Revisions revisions;
  private final Supplier<Trust> trust;

  /** What was not found may be found with other credentials, so all settings count. */
  private record Key(PreparedPolicy prepared, InstanceSettings settings) {}

  Reverification(
      PolicyPreparer preparer,
      Revisions revisions,
      Supplier<Trust> trust,
      RetryDelays delays,
      Clock clock,
      Consumer<PolicyId> ended) {
    this.revisions = revisions;
    this.trust = trust;
    this.attempts =
        new Attempts<>(
            "verify",
            (_, key) ->
                preparer.verifyAgain(key.prepared(), Requirement.of(key.settings().required())),
            delays,
            clock,
            ended);
  }

  /** Why the served module does not pass; empty while it does, or while nobody knows. */
  Optional<Stage.Failed> failure(PolicyId id) {
    var now = trust.get();
    var served = revisions.current(id);
    if (now.unusable().isPresent()
        || served.filter(revision -> !revision.trust().equals(now.settings().trust())).isEmpty()) {
      attempts.forget(id);
      return Optional.empty();
    }
    return failure(served.get(), now.settings());
  }

  private Optional<Stage.Failed> failure(Revision served, InstanceSettings settings) {
    var id = served.id();
    return switch (attempts.progress(id, new Key(served.prepared(), settings))) {
      case Attempts.Progress.Pending<PreparedPolicy>(var before) ->
          before.map(Attempts.Progress.Refused::stage);
      case Attempts.Progress.Ready<PreparedPolicy>(var verified) -> {
        revisions.verified(served, verified, settings.trust());
        attempts.forget(id);
        yield Optional.empty();
      }
      case Attempts.Progress.Refused<PreparedPolicy> refused -> {
        var failure = refused.failure();
        // Whether a registry answers decides nothing.
        if (!failure.retryable() && settings.onLoss() == VerificationLoss.REJECT) {
          revisions.suspend(served, failure);
        }
        yield Optional.of(refused.stage());
      }
    };
  }

  Optional<Duration> nextTry(PolicyId id) {
    return attempts.nextTry(id);
  }

  void forget(PolicyId id) {
    attempts.forget(id);
  }

  @Override
  public void close() {
    attempts.close();
  }
}
