package dev.warder.operator.status;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.LegacyPolicyStatus;
import dev.warder.crd.ObservedMode;
import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyStatus;
import dev.warder.operator.status.PolicyView.Serving;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.evaluation.PolicyMode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The only writer of status: by server-side apply, and only when something changed. */
public final class PolicyStatuses {
  private final Clock clock;
  private final PolicyEvents events;

  public PolicyStatuses(Clock clock, PolicyEvents events) {
    this.clock = clock;
    this.events = events;
  }

  /** Whether the status speaks of the spec's present generation. */
  public static boolean announced(ClusterAdmissionPolicy policy) {
    return Optional.ofNullable(policy.getStatus())
        .map(PolicyStatus::observedGeneration)
        .filter(policy.getMetadata().getGeneration()::equals)
        .isPresent();
  }

  /**
   * Writes the status that follows from the view, if it is another, and tells of a transition by an
   * Event.
   *
   * @return the policy with the status that it has now
   */
  public ClusterAdmissionPolicy write(
      Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy, PolicyView view) {
    var previous = Optional.ofNullable(policy.getStatus());
    var before = previous.map(PolicyStatus::conditions).orElse(List.of());
    var status = status(view, Conditions.of(view, before, clock.instant()));
    if (previous.filter(status::equals).isPresent()) {
      return policy;
    }
    var written =
        context.resourceOperations().serverSideApplyPrimaryStatus(carrying(status, policy));
    if (!(view.stage() instanceof Stage.Preparing) && changed(before, status)) {
      ready(status.conditions()).ifPresent(now -> events.transition(policy, now));
    }
    return written;
  }

  static PolicyStatus status(PolicyView view, List<PolicyCondition> conditions) {
    var serving = view.serving();
    return new PolicyStatus(
        view.generation(),
        serving.map(Serving::generation).orElse(null),
        serving.map(Serving::mode).map(PolicyStatuses::observed).orElse(ObservedMode.UNKNOWN),
        serving.isPresent() ? LegacyPolicyStatus.ACTIVE : LegacyPolicyStatus.PENDING,
        serving.map(Serving::module).orElse(null),
        conditions);
  }

  /** A fresh object with nothing but the status: apply takes ownership of all that it carries. */
  private static ClusterAdmissionPolicy carrying(
      PolicyStatus status, ClusterAdmissionPolicy policy) {
    var patch = new ClusterAdmissionPolicy();
    patch.setMetadata(new ObjectMetaBuilder().withName(policy.getMetadata().getName()).build());
    patch.setStatus(status);
    return patch;
  }

  private static boolean changed(List<PolicyCondition> before, PolicyStatus status) {
    return !ready(before).equals(ready(status.conditions()));
  }

  private static Optional<PolicyCondition> ready(@Nullable List<PolicyCondition> conditions) {
    return Optional.ofNullable(conditions).orElse(List.of()).stream()
        .filter(c -> c.type().equals(Conditions.READY))
        .findFirst();
  }

  private static ObservedMode observed(PolicyMode mode) {
    return switch (mode) {
      case PROTECT -> ObservedMode.PROTECT;
      case MONITOR -> ObservedMode.MONITOR;
    };
  }
}
