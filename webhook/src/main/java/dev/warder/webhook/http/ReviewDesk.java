package dev.warder.webhook.http;

import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyRegistry;

/** What all reviews share: who judges, where they wait, and what a review is told that cannot. */
record ReviewDesk(
    PolicyRegistry policies,
    Judge judge,
    EvaluationPool pool,
    ByteGate gate,
    WebhookMetrics metrics) {

  /** Tells a review at once that the server is overloaded, in a verdict if that is possible. */
  Reply overloaded(Target target, byte[] beginning, OverloadCause cause) {
    var policy = PolicyLookup.find(policies, target.id());
    if (policy.isEmpty()) {
      return PolicyLookup.unknown(target.id());
    }
    metrics.overloaded(cause);
    return UidScan.find(beginning)
        .map(uid -> Unjudged.overloaded(target.route(), policy.get(), uid))
        .orElseGet(
            () -> Reply.error(503, "the policy server is overloaded; try again in a moment"));
  }
}
