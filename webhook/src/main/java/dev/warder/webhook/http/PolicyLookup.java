package dev.warder.webhook.http;

import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import dev.warder.webhook.registry.Unserved;
import java.util.Optional;

/** Finds the policy that a URL names. */
final class PolicyLookup {
  private static final int MAX_SHOWN_CHARS = 300;

  private PolicyLookup() {}

  /** Empty also if the text could not be the id of any policy. */
  static Optional<ServedPolicy> find(PolicyRegistry policies, String id) {
    return PolicyId.parse(id).flatMap(policies::find);
  }

  /**
   * For a policy that is not served.
   *
   * @param uid of the request; empty if it could not be read
   */
  static Reply absent(PolicyRegistry policies, Target target, Optional<String> uid) {
    return PolicyId.parse(target.id())
        .flatMap(policies::unserved)
        .map(
            why ->
                switch (why) {
                  case Unserved.Preparing() ->
                      Reply.error(503, "policy " + target.id() + " is still being prepared");
                  case Unserved.Suspended(var message) -> Reply.error(503, message);
                  case Unserved.Refused(var message) ->
                      uid.map(known -> Unjudged.notInitialised(target.route(), known, message))
                          .orElseGet(Reply::internalError);
                })
        .orElseGet(() -> unknown(target.id()));
  }

  private static Reply unknown(String id) {
    var shown = id.length() > MAX_SHOWN_CHARS ? id.substring(0, MAX_SHOWN_CHARS) + "…" : id;
    return Reply.error(404, "unknown policy: " + shown);
  }
}
