package dev.warder.webhook.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Counter and latency per set of labels. Kinds, namespaces, operations and codes come from callers
 * and policies: each has a limited number of values, and so have their combinations.
 */
final class EvaluationMeters {
  private static final int MAX_VALUES = 200;
  private static final int MAX_SERIES = 5_000;

  /** The default buckets of OpenTelemetry, which policy-server uses; Micrometer has none for 0. */
  private static final double[] BUCKETS = {
    5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000
  };

  private record Meters(Counter evaluations, DistributionSummary latency) {}

  private final MeterRegistry registry;
  private final Predicate<String> served;
  private final Map<EvaluationLabels, Meters> meters = new ConcurrentHashMap<>();
  private final int maxSeries;
  private final LabelLimiter kinds;
  private final LabelLimiter namespaces;
  private final LabelLimiter operations;
  private final LabelLimiter codes;

  /**
   * @param served whether a policy of this name is served: series of others make room when the
   *     limit is reached
   */
  EvaluationMeters(MeterRegistry registry, Predicate<String> served) {
    this(registry, served, MAX_VALUES, MAX_SERIES);
  }

  EvaluationMeters(MeterRegistry registry, Predicate<String> served, int maxValues, int maxSeries) {
    this.registry = registry;
    this.served = served;
    this.maxSeries = maxSeries;
    kinds = new LabelLimiter(maxValues);
    namespaces = new LabelLimiter(maxValues);
    operations = new LabelLimiter(maxValues);
    codes = new LabelLimiter(maxValues);
  }

  void evaluated(EvaluationLabels labels, Duration latency) {
    var found = metersOf(limited(labels));
    found.evaluations().increment();
    found.latency().record(latency.toNanos() / 1e6);
  }

  private EvaluationLabels limited(EvaluationLabels labels) {
    return labels.withResource(
        kinds.limit(labels.resourceKind()),
        namespaces.limit(labels.resourceNamespace()),
        operations.limit(labels.operation()),
        codes.limit(labels.errorCode()));
  }

  private Meters metersOf(EvaluationLabels labels) {
    var found = meters.get(labels);
    if (found != null) {
      return found;
    }
    if (meters.size() >= maxSeries) {
      forgetUnserved();
    }
    var key = meters.size() < maxSeries ? labels : coarse(labels);
    return meters.computeIfAbsent(key, this::register);
  }

  private static EvaluationLabels coarse(EvaluationLabels labels) {
    return labels.withResource(
        LabelLimiter.OTHER, LabelLimiter.OTHER, LabelLimiter.OTHER, LabelLimiter.OTHER);
  }

  private void forgetUnserved() {
    meters.forEach(
        (labels, found) -> {
          if (!served.test(labels.policyName()) && meters.remove(labels, found)) {
            registry.remove(found.evaluations());
            registry.remove(found.latency());
          }
        });
  }

  private Meters register(EvaluationLabels labels) {
    return new Meters(
        Counter.builder("kubewarden_policy_evaluations")
            .description("Evaluations, by the policy's own answer")
            .tags(labels.tags())
            .register(registry),
        DistributionSummary.builder("kubewarden_policy_evaluation_latency_milliseconds")
            .description("Time that an evaluation took")
            .serviceLevelObjectives(BUCKETS)
            .tags(labels.tags())
            .register(registry));
  }
}
