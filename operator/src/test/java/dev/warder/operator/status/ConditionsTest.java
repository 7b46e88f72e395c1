package dev.warder.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.LegacyPolicyStatus;
import dev.warder.crd.ModuleExecution;
import dev.warder.crd.ModuleStatus;
import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyStatus;
import dev.warder.operator.status.PolicyView.Serving;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyMode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rows of the truth table that a controller's status must satisfy. */
class ConditionsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final ModuleStatus MODULE =
      new ModuleStatus(
          "file:///a.wasm", "sha256:00", 3, ModuleExecution.DIRECT, "it is no Go module", null);
  private static final Stage REFUSED =
      new Stage.Failed(new Failure(Reason.SettingsRejected, "labels must not be empty."));
  private static final Stage UNREACHABLE =
      new Stage.Failed(new Failure(Reason.ModuleSourceUnreachable, "no route to registry."));

  @Test
  void firstSightIsInProgress() {
    var status = status(new PolicyView(1, new Stage.Preparing(), Optional.empty()));

    assertThat(states(status))
        .containsExactly(
            "Ready=Unknown",
            "Reconciling=True",
            "Enforced=False",
            "PolicyActive=False",
            "PolicyServerConfigurationUpToDate=False",
            "PolicyUniquelyReachable=False");
    assertThat(Kstatus.of(1, status)).isEqualTo(Kstatus.IN_PROGRESS);
    assertThat(status.policyStatus()).isEqualTo(LegacyPolicyStatus.PENDING);
  }

  @Test
  void whatMaySucceedLaterIsInProgress() {
    var status = status(new PolicyView(1, UNREACHABLE, Optional.empty()));

    assertThat(states(status)).startsWith("Ready=False", "Reconciling=True", "Enforced=False");
    assertThat(Kstatus.of(1, status)).isEqualTo(Kstatus.IN_PROGRESS);
  }

  @Test
  void whatOnlyAnEditMendsIsFailed() {
    var status = status(new PolicyView(1, REFUSED, Optional.empty()));

    assertThat(states(status)).startsWith("Ready=False", "Stalled=True", "Enforced=False");
    assertThat(Kstatus.of(1, status)).isEqualTo(Kstatus.FAILED);
    assertThat(status.servingGeneration()).isNull();
  }

  @Test
  void servedIsCurrent() {
    var status = status(new PolicyView(2, new Stage.Served(), serving(2, PolicyMode.PROTECT)));

    assertThat(states(status))
        .containsExactly(
            "Ready=True",
            "Enforced=True",
            "PolicyActive=True",
            "PolicyServerConfigurationUpToDate=True",
            "PolicyUniquelyReachable=True");
    assertThat(Kstatus.of(2, status)).isEqualTo(Kstatus.CURRENT);
    assertThat(Kstatus.of(3, status)).as("edited, not seen yet").isEqualTo(Kstatus.IN_PROGRESS);
    assertThat(status.policyStatus()).isEqualTo(LegacyPolicyStatus.ACTIVE);
    assertThat(status.module()).isEqualTo(MODULE);
  }

  @Test
  void refusedEditShowsBothGenerations() {
    var status = status(new PolicyView(3, REFUSED, serving(2, PolicyMode.PROTECT)));

    assertThat(states(status)).startsWith("Ready=False", "Stalled=True", "Enforced=True");
    assertThat(Kstatus.of(3, status)).isEqualTo(Kstatus.FAILED);
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.servingGeneration()).isEqualTo(2);
    assertThat(conditions(status).getFirst().message())
        .isEqualTo("labels must not be empty; generation 2 is still served.");
  }

  @Test
  void monitorModeIsReadyAndNotEnforced() {
    var status = status(new PolicyView(2, new Stage.Served(), serving(2, PolicyMode.MONITOR)));

    assertThat(states(status)).startsWith("Ready=True", "Enforced=False");
    assertThat(conditions(status).get(1).reason()).isEqualTo("PolicyMonitored");
    assertThat(Kstatus.of(2, status)).isEqualTo(Kstatus.CURRENT);
  }

  @Test
  void everyConditionCarriesTheGeneration() {
    for (var stage : List.of(new Stage.Preparing(), REFUSED, UNREACHABLE, new Stage.Served())) {
      assertThat(conditions(status(new PolicyView(7, stage, serving(7, PolicyMode.PROTECT)))))
          .allSatisfy(condition -> assertThat(condition.observedGeneration()).isEqualTo(7));
    }
  }

  @Test
  void transitionTimeMovesOnlyWithTheStatus() {
    var first = Conditions.of(new PolicyView(1, REFUSED, Optional.empty()), List.of(), NOW);
    var later = NOW.plusSeconds(60);

    var same = Conditions.of(new PolicyView(2, UNREACHABLE, Optional.empty()), first, later);
    var changed =
        Conditions.of(
            new PolicyView(2, new Stage.Served(), serving(2, PolicyMode.PROTECT)), first, later);

    assertThat(same.getFirst().lastTransitionTime()).isEqualTo(NOW.toString());
    assertThat(changed.getFirst().lastTransitionTime()).isEqualTo(later.toString());
  }

  private static Optional<Serving> serving(long generation, PolicyMode mode) {
    return Optional.of(new Serving(generation, mode, MODULE));
  }

  private static PolicyStatus status(PolicyView view) {
    return PolicyStatuses.status(view, Conditions.of(view, List.of(), NOW));
  }

  private static List<PolicyCondition> conditions(PolicyStatus status) {
    @Nullable List<PolicyCondition> conditions = status.conditions();
    return Objects.requireNonNull(conditions);
  }

  private static List<String> states(PolicyStatus status) {
    return conditions(status).stream().map(c -> c.type() + "=" + c.status()).toList();
  }

  @Test
  void theNextTryIsToldByReconcilingOnly() {
    var failure = new Failure(Reason.ModuleSourceUnreachable, "no route to registry.");
    var stage = new Stage.Failed(failure, Optional.of(NOW.plusMillis(90_500)));

    var conditions = conditions(status(new PolicyView(1, stage, Optional.empty())));

    assertThat(conditions.get(1).message())
        .isEqualTo("no route to registry. Next try at 2026-01-02T03:05:35Z.");
    assertThat(conditions.getFirst().message()).isEqualTo("no route to registry.");
  }
}
