package dev.warder.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Failure;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.host.Grants;
import dev.warder.webhook.registry.PolicyId;
import java.time.Duration;
import java.util.Optional;

/** One entry of the file with the policies. */
sealed interface Entry {
  /** As the file has it. */
  String id();

  /** A policy that can be prepared. */
  record Policy(PolicyId policyId, Wanted wanted, PolicyRules rules) implements Entry {
    @Override
    public String id() {
      return policyId.value();
    }
  }

  /** An entry that is not a policy, or not one that Warder can serve. */
  record Refused(String id, Failure failure) implements Entry {}

  /** All that a preparation depends on: as long as it is the same, none is needed again. */
  record Wanted(String module, JsonNode settings, Optional<Duration> timeout, Grants grants) {}
}
