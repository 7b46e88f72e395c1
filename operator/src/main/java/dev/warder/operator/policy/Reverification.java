package dev.warder.operator.policy;

import dev.warder.operator.RetryDelays;
import dev.warder.operator.policyserver.InstanceSettings;
import dev.warder.operator.policyserver.Trust;
import dev.warder.operator.revision.Revision;
import dev.warder.operator.revision.Revisions;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.VerificationLoss;
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

  /**
   * What there is to say of the module that was accepted last; nothing while it passes, or while
   * nobody knows and it is served.
   */
  Optional<Stage> stage(PolicyId id) {
    return revisions.current(id).flatMap(accepted -> stage(accepted, trust.get()));
  }

  private Optional<Stage> stage(Revision accepted, Trust now) {
    var id = accepted.id();
    if (now.unusable().isPresent()) {
      attempts.forget(id);
      return now.unusable().filter(_ -> revisions.isSuspended(id)).map(Stage.Failed::new);
    }
    var settings = now.settings();
    if (accepted.trust().equals(settings.trust())) {
      attempts.forget(id);
      if (revisions.isSuspended(id)) {
        revisions.verified(accepted, accepted.prepared(), settings.trust());
      }
      return Optional.empty();
    }
    return switch (attempts.progress(id, new Key(accepted.prepared(), settings))) {
      case Attempts.Progress.Pending<PreparedPolicy>(var before) ->
          before
              .<Stage>map(Attempts.Progress.Refused::stage)
              .or(
                  () ->
                      Optional.<Stage>of(new Stage.Preparing())
                          .filter(_ -> revisions.isSuspended(id)));
      case Attempts.Progress.Ready<PreparedPolicy>(var verified) -> {
        revisions.verified(accepted, verified, settings.trust());
        attempts.forget(id);
        yield Optional.empty();
      }
      case Attempts.Progress.Refused<PreparedPolicy> refused -> {
        var failure = refused.failure();
        // Whether a registry answers decides nothing.
        if (!failure.retryable() && settings.onLoss() == VerificationLoss.REJECT) {
          revisions.suspend(accepted, failure);
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
