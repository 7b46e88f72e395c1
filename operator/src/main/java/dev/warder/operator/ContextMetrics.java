package dev.warder.operator;

import dev.warder.policy.host.HostOperation;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.kubernetes.FeedState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;

/** What policies ask the host for, and what is kept for that, as metrics. */
final class ContextMetrics {
  private static final double MILLIS = 1000;

  private ContextMetrics() {}

  static void register(MeterRegistry registry, HostServices host, ClusterContext context) {
    Gauge.builder("warder_context_lists", context, one -> one.states().size())
        .description("Lists of the cluster that are kept for policies")
        .register(registry);
    Gauge.builder(
            "warder_context_objects",
            context,
            one -> one.states().stream().mapToInt(FeedState::objects).sum())
        .description("Objects in these lists")
        .register(registry);
    Gauge.builder("warder_context_bytes", context, ClusterContext::memoryUsed)
        .description("Memory that these lists take, of --context-memory")
        .register(registry);
    Gauge.builder("warder_context_stale_seconds", context, ContextMetrics::stale)
        .description("For how long the API server has not told what changes in the stalest list")
        .register(registry);
    for (var operation : HostOperation.values()) {
      FunctionCounter.builder("warder_host_calls", host, one -> one.calls(operation))
          .description("Calls of the host by policies")
          .tag("capability", operation.path())
          .register(registry);
    }
    FunctionCounter.builder("warder_host_call_violations", host, HostServices::violations)
        .description("Calls of the host that a policy was not granted")
        .register(registry);
  }

  private static double stale(ClusterContext context) {
    return context.states().stream()
            .map(FeedState::stale)
            .max(Comparator.naturalOrder())
            .map(Duration::toMillis)
            .orElse(0L)
        / MILLIS;
  }
}
