package dev.warder.webhook.http;

import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import java.util.Optional;

/** Finds the policy that a URL names. */
final class PolicyLookup {
  private static final int MAX_SHOWN_CHARS = 300;

  private PolicyLookup() {}

  /** Empty also if the text could not be the id of any policy. */
  static Optional<ServedPolicy> find(PolicyRegistry policies, String id) {
    return PolicyId.parse(id).flatMap(policies::find);
  }

  static Reply unknown(String id) {
    var shown = id.length() > MAX_SHOWN_CHARS ? id.substring(0, MAX_SHOWN_CHARS) + "…" : id;
    return Reply.error(404, "unknown policy: " + shown);
  }
}
