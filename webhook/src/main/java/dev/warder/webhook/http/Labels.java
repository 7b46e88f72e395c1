package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.webhook.metrics.EvaluationLabels;
import dev.warder.webhook.registry.ServedPolicy;

/** Reads the labels of an evaluation off its request and answer. */
final class Labels {
  private Labels() {}

  static EvaluationLabels of(
      ReviewRoute route,
      ServedPolicy policy,
      ValidationRequest request,
      AdmissionResponse response) {
    var code =
        response.status().stream()
            .flatMapToInt(status -> status.code().stream())
            .mapToObj(Integer::toString)
            .findFirst()
            .orElse("");
    var mode = policy.rules().mode().label();
    var name = policy.id().value();
    return switch (request) {
      case ValidationRequest.Kubernetes kubernetes ->
          new EvaluationLabels(
              name,
              mode,
              kubernetes.resourceKind().orElse(""),
              kubernetes.namespace().orElse(""),
              kubernetes.operation(),
              response.allowed(),
              response.patch().isPresent(),
              route.path(),
              code);
      case ValidationRequest.Raw raw ->
          new EvaluationLabels(
              name, mode, "", "", "", response.allowed(), response.patch().isPresent(), "", code);
    };
  }
}
