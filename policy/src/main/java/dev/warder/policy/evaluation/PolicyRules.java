package dev.warder.policy.evaluation;

import java.util.Optional;

/**
 * What the cluster's operator decided about a policy, over the policy's own head.
 *
 * @param allowedToMutate whether a mutating answer is applied; otherwise it is refused
 * @param message replaces the policy's own text in every refusal
 * @param policyId names the policy in refusals
 */
public record PolicyRules(
    PolicyMode mode, boolean allowedToMutate, Optional<String> message, String policyId) {}
