package dev.warder.webhook.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EvaluationMetersTest {
  private static final int MAX_SERIES = 100;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<String> served = new HashSet<>();
  private final EvaluationMeters meters =
      new EvaluationMeters(registry, served::contains, 20, MAX_SERIES);

  @Test
  void speaksTheNamesAndLabelsOfPolicyServer() {
    meters.evaluated(labels("kw.cap.a", "Pod", "shop", "400"), Duration.ofMillis(7));

    assertThat(registry.scrape())
        .contains(
            "kubewarden_policy_evaluations_total{accepted=\"false\",error_code=\"400\","
                + "mutated=\"false\",policy_mode=\"protect\",policy_name=\"kw.cap.a\","
                + "request_origin=\"validate\",resource_kind=\"Pod\",resource_namespace=\"shop\","
                + "resource_request_operation=\"CREATE\"} 1.0")
        .containsPattern(
            "kubewarden_policy_evaluation_latency_milliseconds_bucket\\{.*le=\"5.0\"} 0")
        .containsPattern(
            "kubewarden_policy_evaluation_latency_milliseconds_bucket\\{.*le=\"10.0\"} 1")
        .containsPattern(
            "kubewarden_policy_evaluation_latency_milliseconds_bucket\\{.*le=\"10000.0\"} 1");
  }

  @Test
  void aMissingLabelIsAnEmptyOne() {
    meters.evaluated(labels("kw.cap.a", "", "", ""), Duration.ofMillis(1));
    meters.evaluated(labels("kw.cap.a", "Pod", "shop", "400"), Duration.ofMillis(1));

    assertThat(registry.scrape())
        .contains("resource_kind=\"\",resource_namespace=\"\"")
        .contains("resource_kind=\"Pod\",resource_namespace=\"shop\"");
  }

  @Test
  void callersCannotMakeSeriesWithoutEnd() {
    served.add("kw.cap.a");
    for (var kind = 0; kind < 30; kind++) {
      for (var namespace = 0; namespace < 30; namespace++) {
        meters.evaluated(labels("kw.cap.a", "K" + kind, "n" + namespace, ""), Duration.ZERO);
      }
    }

    assertThat(evaluationSeries()).isLessThanOrEqualTo(MAX_SERIES + 1);
    assertThat(registry.scrape()).doesNotContain("resource_kind=\"K25\"");
  }

  @Test
  void policiesThatAreGoneMakeRoom() {
    for (var i = 0; i < MAX_SERIES; i++) {
      meters.evaluated(labels("gone-" + i, "Pod", "shop", ""), Duration.ZERO);
    }
    served.add("kw.cap.new");
    meters.evaluated(labels("kw.cap.new", "Pod", "shop", ""), Duration.ZERO);

    assertThat(evaluationSeries()).isEqualTo(1);
  }

  private long evaluationSeries() {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith("kubewarden_policy_evaluations_total{"))
        .count();
  }

  private static EvaluationLabels labels(
      String policy, String kind, String namespace, String code) {
    return new EvaluationLabels(
        policy, "protect", kind, namespace, "CREATE", false, false, "validate", code);
  }
}
