package dev.warder.webhook.registry;

import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.wasi.EvaluationBudget;

/**
 * A policy that requests are judged by.
 *
 * @param generation of the resource that it was prepared from
 * @param budget for one evaluation; the time also ends with the request's deadline
 */
public record ServedPolicy(
    PolicyId id,
    long generation,
    PreparedPolicy prepared,
    PolicyRules rules,
    EvaluationBudget budget) {}
