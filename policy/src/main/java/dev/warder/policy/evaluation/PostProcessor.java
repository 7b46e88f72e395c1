package dev.warder.policy.evaluation;

import dev.warder.policy.evaluation.AdmissionResponse.Status;
import java.util.ArrayList;
import java.util.Optional;

/** Turns a policy's own answer into the verdict that the cluster's operator wants. */
public final class PostProcessor {
  private PostProcessor() {}

  /** Applies mode, mutation guard and custom message, in this order. */
  public static AdmissionResponse apply(AdmissionResponse answer, PolicyRules rules) {
    return switch (rules.mode()) {
      case MONITOR -> answer.withoutPatch().withVerdict(true, Optional.empty());
      case PROTECT -> withCustomMessage(guarded(answer, rules), rules.message());
    };
  }

  private static AdmissionResponse guarded(AdmissionResponse answer, PolicyRules rules) {
    if (rules.allowedToMutate() || answer.patch().isEmpty()) {
      return answer;
    }
    var why =
        ("Request rejected by policy %s. The policy attempted to mutate the request, but it is"
                + " currently configured to not allow mutations. Set spec.mutating to true to allow"
                + " them.")
            .formatted(rules.policyId());
    return answer.withoutPatch().withVerdict(false, Optional.of(Status.of(why)));
  }

  /** Runs last, so that a crash or a forbidden mutation is told in the custom words, too. */
  private static AdmissionResponse withCustomMessage(
      AdmissionResponse answer, Optional<String> custom) {
    if (answer.allowed() || custom.isEmpty()) {
      return answer;
    }
    var own = answer.status().orElse(Status.NONE);
    var causes = new ArrayList<>(own.causes());
    causes.add(own.message().orElse(""));
    return answer.withVerdict(false, Optional.of(new Status(custom, own.code(), causes)));
  }
}
