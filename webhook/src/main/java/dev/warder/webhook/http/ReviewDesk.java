package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.Rejections;
import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

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
    return unjudged(target, body, Rejections::overloaded, unavailable);
  }

  /** Something broke that is no answer of the policy. */
  Reply failed(Target target, Buffer body) {
    return unjudged(target, body, uid -> Unjudged.failed(uid, target.id()), Reply.internalError());
  }

  private Reply unjudged(
      Target target, Buffer body, Function<String, AdmissionResponse> verdict, Reply withoutUid) {
    return PolicyLookup.find(policies, target.id())
        .map(
            policy ->
                UidScan.find(beginning(body))
                    .map(uid -> Unjudged.reply(target.route(), policy, verdict.apply(uid)))
                    .orElse(withoutUid))
        .orElseGet(() -> PolicyLookup.unknown(target.id()));
  }

  private static byte[] beginning(Buffer body) {
    return body.getBytes(0, Math.min(body.length(), BodyIntake.KEPT_BYTES));
  }
}
