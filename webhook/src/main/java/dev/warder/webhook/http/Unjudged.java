package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.evaluation.PostProcessor;
import dev.warder.webhook.registry.ServedPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts on requests that no policy judged. */
final class Unjudged {
  private Unjudged() {}

  /**
   * A policy in monitor mode never refuses a request, so not for this either. The custom message
   * does not apply: it speaks of what the policy found, and the policy found nothing.
   */
  static Reply reply(ReviewRoute route, ServedPolicy policy, AdmissionResponse response) {
    if (!route.enforcing()) {
      return Reply.verdict(route.encode(response));
    }
    var rules = policy.rules();
    var withoutMessage =
        new PolicyRules(rules.mode(), rules.allowedToMutate(), Optional.empty(), rules.policyId());
    return Reply.verdict(route.encode(PostProcessor.apply(response, withoutMessage)));
  }

  /** The evaluation itself broke; the log says how. */
  static AdmissionResponse failed(String uid, String policyId) {
    var message =
        "internal server error: the evaluation of policy "
            + policyId
            + " failed unexpectedly; look at Warder's log";
    return new AdmissionResponse(
        uid,
        false,
        Optional.empty(),
        Optional.of(
            new AdmissionResponse.Status(Optional.of(message), OptionalInt.of(500), List.of())),
        Optional.empty(),
        Optional.empty());
  }
}
