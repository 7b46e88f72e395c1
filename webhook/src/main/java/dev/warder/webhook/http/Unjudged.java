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

  static Reply failed(ReviewRoute route, ServedPolicy policy, String uid) {
    var refusal = failure(policy, uid);
    return Reply.verdict(
        route.encode(route.enforcing() ? PostProcessor.apply(refusal, policy.rules()) : refusal));
  }

  /** The evaluation itself broke; the log says how. */
  static AdmissionResponse failure(ServedPolicy policy, String uid) {
    var message =
        "internal server error: the evaluation of policy "
            + policy.id()
            + " failed unexpectedly; look at Warder's log";
    return new AdmissionResponse(
        uid,
        false,
        Optional.empty(),
        Optional.of(new Status(Optional.of(message), OptionalInt.of(500), List.of())),
        Optional.empty(),
        Optional.empty());
  }
}
