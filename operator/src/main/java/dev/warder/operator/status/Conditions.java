package dev.warder.operator.status;

import dev.warder.crd.PolicyCondition;
import dev.warder.operator.status.PolicyView.Serving;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions that follow from what is known of a policy. Ready, Reconciling and Stalled obey
 * kstatus (Reconciling and Stalled are present only while True); Enforced tells whether requests
 * are refused now, by whichever generation; the last three are Kubewarden's, for its tools.
 */
final class Conditions {
  static final String READY = "Ready";
  static final String RECONCILING = "Reconciling";
  static final String STALLED = "Stalled";
  static final String ENFORCED = "Enforced";

  private static final String TRUE = "True";
  private static final String FALSE = "False";
  private static final String UNKNOWN = "Unknown";

  private final PolicyView view;
  private final Transitions transitions;
  private final List<PolicyCondition> conditions = new ArrayList<>();

  private Conditions(PolicyView view, List<PolicyCondition> previous, Instant now) {
    this.view = view;
    this.transitions = new Transitions(previous, view.generation(), now);
  }

  static List<PolicyCondition> of(PolicyView view, List<PolicyCondition> previous, Instant now) {
    return new Conditions(view, previous, now).build();
  }

  private List<PolicyCondition> build() {
    switch (view.stage()) {
      case Stage.Preparing() -> {
        var message = preparing();
        add(READY, UNKNOWN, Reason.PolicyPreparing, message);
        add(RECONCILING, TRUE, Reason.PolicyPreparing, message);
      }
      case Stage.Failed(var failure, var nextTry) -> {
        var message = andWhatIsServed(failure.message());
        add(READY, FALSE, failure.reason(), message);
        if (failure.retryable()) {
          // Only here: an Event follows from each other Ready condition.
          add(
              RECONCILING,
              TRUE,
              failure.reason(),
              message + nextTry.map(Conditions::at).orElse(""));
        } else {
          add(STALLED, TRUE, failure.reason(), message);
        }
      }
      case Stage.Served() ->
          add(
              READY,
              TRUE,
              monitored(view.serving()) ? Reason.PolicyMonitored : Reason.PolicyEnforced,
              "Generation " + view.generation() + " is served.");
    }
    enforced();
    kubewarden();
    return List.copyOf(conditions);
  }

  private void enforced() {
    if (view.serving().isEmpty()) {
      add(ENFORCED, FALSE, Reason.PolicyNotServed, "No generation is served yet.");
      return;
    }
    var serving = view.serving().get();
    if (monitored(view.serving())) {
      add(
          ENFORCED,
          FALSE,
          Reason.PolicyMonitored,
          "Generation " + serving.generation() + " only monitors: it refuses nothing.");
    } else if (current()) {
      add(
          ENFORCED,
          TRUE,
          Reason.PolicyEnforced,
          "Generation " + serving.generation() + " judges requests.");
    } else {
      add(
          ENFORCED,
          TRUE,
          Reason.PolicyServingPreviousGeneration,
          "Generation %d judges requests, not generation %d."
              .formatted(serving.generation(), view.generation()));
    }
  }

  private void kubewarden() {
    var serving = view.serving();
    var current = current();
    add("PolicyActive", truth(serving.isPresent()), "PolicyActive", "See Enforced.");
    add(
        "PolicyServerConfigurationUpToDate",
        truth(current),
        current ? "ConfigurationVersionMatch" : "ConfigurationVersionMismatch",
        "See Ready.");
    add(
        "PolicyUniquelyReachable",
        truth(current),
        current ? "LatestReplicaSetIsUniquelyReachable" : "LatestReplicaSetIsNotUniquelyReachable",
        "See Ready.");
  }

  private String preparing() {
    var text = "Generation " + view.generation() + " is being prepared";
    return current()
        ? text + " with another budget; it is still served with the former one."
        : andWhatIsServed(text);
  }

  private String andWhatIsServed(String message) {
    return view.serving()
        .map(s -> message.replaceFirst("\\.$", "") + "; generation " + s.generation())
        .map(text -> text + " is still served.")
        .orElse(message);
  }

  private static String at(Instant nextTry) {
    return " Next try at " + nextTry.truncatedTo(ChronoUnit.SECONDS) + ".";
  }

  private boolean current() {
    return view.serving().filter(s -> s.generation() == view.generation()).isPresent();
  }

  private static boolean monitored(Optional<Serving> serving) {
    return serving.filter(s -> s.mode() == PolicyMode.MONITOR).isPresent();
  }

  private static String truth(boolean value) {
    return value ? TRUE : FALSE;
  }

  private void add(String type, String status, Reason reason, String message) {
    add(type, status, reason.name(), message);
  }

  private void add(String type, String status, String reason, String message) {
    conditions.add(transitions.to(type, status, reason, message));
  }
}
