package dev.warder.webhook.metrics;

import dev.warder.policy.wasi.Overrun;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** All that the admission server counts and measures. */
public final class WebhookMetrics implements AutoCloseable {
  private static final Duration[] BUCKETS =
      LongStream.of(
              500,
              1000,
              2500,
              5000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1000))
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final EvaluationMeters evaluations;
  private final Map<Phase, Timer> phases;
  private final Map<Overrun, Counter> overruns;
  private final Map<OverloadCause, Counter> overloads;

  public WebhookMetrics(PrometheusMeterRegistry registry, PolicyRegistry policies) {
    this.registry = registry;
    evaluations =
        new EvaluationMeters(registry, name -> policies.snapshot().containsKey(new PolicyId(name)));
    phases = perValue(Phase.class, this::phaseTimer);
    overruns = perValue(Overrun.class, this::overrunCounter);
    overloads = perValue(OverloadCause.class, this::overloadCounter);
    gauge("warder_policies_served", "Served policies", () -> policies.snapshot().size());
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  public void evaluated(EvaluationLabels labels, Duration latency) {
    evaluations.evaluated(labels, latency);
  }

  public void took(Phase phase, Duration time) {
    valueOf(phases, phase).record(time);
  }

  public void overran(Overrun budget) {
    valueOf(overruns, budget).increment();
  }

  public void overloaded(OverloadCause cause) {
    valueOf(overloads, cause).increment();
  }

  /** A request that got no verdict but an HTTP status. */
  public void refused(int status) {
    Counter.builder("warder_http_refusals")
        .description("Requests that got an HTTP error instead of a verdict")
        .tag("status", Integer.toString(status))
        .register(registry)
        .increment();
  }

  /** Adds a value that is asked for at each scrape. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Adds a number that only grows and is asked for at each scrape. */
  public void counter(String name, String description, Supplier<Double> value) {
    // Micrometer holds the second argument weakly, so it must be something that stays.
    FunctionCounter.builder(name, this, _ -> value.get())
        .description(description)
        .register(registry);
  }

  /** Prometheus text; takes milliseconds with many series. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
  }

  private Timer phaseTimer(Phase phase) {
    return Timer.builder("warder_request_phase")
        .description("Where the time of a request goes")
        .tag("phase", phase.label())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter overrunCounter(Overrun budget) {
    return Counter.builder("warder_evaluation_overruns")
        .description("Evaluations that were stopped for exceeding a budget")
        .tag("budget", budget.label())
        .register(registry);
  }

  private Counter overloadCounter(OverloadCause cause) {
    return Counter.builder("warder_overloaded_requests")
        .description("Requests that were told that the server is overloaded")
        .tag("cause", cause.label())
        .register(registry);
  }

  private static <K extends Enum<K>, V> Map<K, V> perValue(Class<K> keys, Function<K, V> make) {
    var values = new EnumMap<K, V>(keys);
    for (var key : keys.getEnumConstants()) {
      values.put(key, make.apply(key));
    }
    return values;
  }

  private static <K, V> V valueOf(Map<K, V> values, K key) {
    return Objects.requireNonNull(values.get(key));
  }
}
