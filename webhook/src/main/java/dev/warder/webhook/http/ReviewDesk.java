package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import io.vertx.core.buffer.Buffer;
import java.util.function.BiFunction;

/** What all reviews share: who judges, where they wait, and what they are told if nobody can. */
record ReviewDesk(
    PolicyRegistry policies,
    Judge judge,
    EvaluationPool pool,
    ByteGate gate,
    WebhookMetrics metrics) {

  /** There is no room or no time for this review. */
  Reply overloaded(Target target, Buffer body, OverloadCause cause) {
    metrics.overloaded(cause);
    var unavailable = Reply.error(503, "the policy server is overloaded; try again in a moment");
    return unjudged(
        target,
        body,
        (policy, uid) -> Unjudged.overloaded(target.route(), policy, uid),
        unavailable);
  }

  /** Something broke that is no answer of the policy. */
  Reply failed(Target target, Buffer body) {
    return refused(target, body, Unjudged::failed);
  }

  /** The evaluation is still running, but nobody will wait for it. */
  Reply outOfTime(Target target, Buffer body) {
    return refused(target, body, Unjudged::outOfTime);
  }

  private Reply refused(
      Target target, Buffer body, BiFunction<ServedPolicy, String, AdmissionResponse> refusal) {
    return unjudged(
        target,
        body,
        (policy, uid) -> Unjudged.reply(target.route(), policy, refusal.apply(policy, uid)),
        Reply.internalError());
  }

  private Reply unjudged(
      Target target,
      Buffer body,
      BiFunction<ServedPolicy, String, Reply> verdict,
      Reply withoutUid) {
    return PolicyLookup.find(policies, target.id())
        .map(
            policy ->
                UidScan.find(beginning(body))
                    .map(uid -> verdict.apply(policy, uid))
                    .orElse(withoutUid))
        .orElseGet(() -> PolicyLookup.absent(policies, target, UidScan.find(beginning(body))));
  }

  private static byte[] beginning(Buffer body) {
    return body.getBytes(0, Math.min(body.length(), BodyIntake.KEPT_BYTES));
  }
}
