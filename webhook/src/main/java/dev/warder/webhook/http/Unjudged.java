package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.AdmissionResponse.Status;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PostProcessor;
import dev.warder.policy.evaluation.Rejections;
import dev.warder.webhook.registry.ServedPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts on requests that no policy judged. */
final class Unjudged {
  private Unjudged() {}

  static Reply overloaded(ReviewRoute route, ServedPolicy policy, String uid) {
    var mode = route.enforcing() ? policy.rules().mode() : PolicyMode.PROTECT;
    return Reply.verdict(route.encode(Rejections.overloaded(uid, mode)));
  }

  /** A refusal as the policy's mode and custom message want it. */
  static Reply reply(ReviewRoute route, ServedPolicy policy, AdmissionResponse refusal) {
    return Reply.verdict(
        route.encode(route.enforcing() ? PostProcessor.apply(refusal, policy.rules()) : refusal));
  }

  /** The policy could not be prepared; neither its mode nor its custom message counts. */
  static Reply notInitialised(ReviewRoute route, String uid, String message) {
    return Reply.verdict(route.encode(refusal(uid, message)));
  }

  /** The evaluation itself broke; the log says how. */
  static AdmissionResponse failed(ServedPolicy policy, String uid) {
    return refusal(
        uid,
        "internal server error: the evaluation of policy "
            + policy.id()
            + " failed unexpectedly; look at Warder's log");
  }

  /** The caller's timeout ended an evaluation that its own budget would have let go on. */
  static AdmissionResponse outOfTime(ServedPolicy policy, String uid) {
    return refusal(
        uid,
        "policy "
            + policy.id()
            + " was stopped because the API server's timeout (timeoutSeconds) was about to end;"
            + " raise it, or give Warder more CPU if requests wait for long");
  }

  private static AdmissionResponse refusal(String uid, String message) {
    return new AdmissionResponse(
        uid,
        false,
        Optional.empty(),
        Optional.of(new Status(Optional.of(message), OptionalInt.of(500), List.of())),
        Optional.empty(),
        Optional.empty());
  }
}
