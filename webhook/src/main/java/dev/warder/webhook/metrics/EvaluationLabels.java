package dev.warder.webhook.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * The labels of one evaluation, named as policy-server names them. An empty value is the same as no
 * label to Prometheus; Micrometer wants every series of a metric to have the same labels.
 *
 * @param resourceKind empty for a raw request, as are the next two
 * @param resourceNamespace empty for a cluster-wide object
 * @param accepted the policy's own answer, before mode and mutation guard, as is the next
 * @param requestOrigin {@code validate}, {@code audit}, or empty for a raw request
 * @param errorCode empty if the answer has no code
 */
public record EvaluationLabels(
    String policyName,
    String policyMode,
    String resourceKind,
    String resourceNamespace,
    String operation,
    boolean accepted,
    boolean mutated,
    String requestOrigin,
    String errorCode) {

  EvaluationLabels withResource(String kind, String namespace, String op, String code) {
    return new EvaluationLabels(
        policyName, policyMode, kind, namespace, op, accepted, mutated, requestOrigin, code);
  }

  Tags tags() {
    return Tags.of(
        "policy_name",
        policyName,
        "policy_mode",
        policyMode,
        "resource_kind",
        resourceKind,
        "resource_namespace",
        resourceNamespace,
        "resource_request_operation",
        operation,
        "accepted",
        Boolean.toString(accepted),
        "mutated",
        Boolean.toString(mutated),
        "request_origin",
        requestOrigin,
        "error_code",
        errorCode);
  }
}
