package dev.warder.cli.bench;

import dev.warder.cli.bench.PolicyFigures.Steady;
import dev.warder.cli.bench.PolicyFigures.Throughput;
import dev.warder.cli.bench.PolicyFigures.WarmUp;
import dev.warder.cli.bench.SteadyState.Reached;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.wasi.GuestThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures one prepared policy. Close it to end its threads. */
final class PolicyBench implements AutoCloseable {
  private static final Duration LEAST_WARM_UP = Duration.ofSeconds(5);
  private static final double STEADY = 1.1;
  private static final double NEARLY = 1.5;

  private final Evaluator evaluator;
  private final BenchPlan plan;
  private final Consumer<String> progress;
  private final ExecutorService guests;

  PolicyBench(Evaluator evaluator, BenchPlan plan, Consumer<String> progress) {
    this.evaluator = evaluator;
    this.plan = plan;
    this.progress = progress;
    this.guests =
        Executors.newFixedThreadPool(plan.threads(), GuestThreads.factory("warder-bench"));
  }

  /** Takes what the preparation cost. */
  PolicyFigures measure(String module, PolicyFigures.Duration preparation)
      throws InterruptedException {
    var first = onGuest(evaluator::once);
    var answers = onGuest(evaluator::answers);
    var state = new SteadyState(LEAST_WARM_UP.toNanos());
    var warmed = onGuest(() -> warmUp(state));
    progress.accept("measuring one thread for " + plan.duration().toSeconds() + " s");
    var steady = onGuest(this::steady);
    progress.accept(
        "measuring %d threads for %d s".formatted(plan.threads(), plan.duration().toSeconds()));
    var throughput = throughput();
    var policy = evaluator.policy();
    return new PolicyFigures(
        module,
        policy.fetched().digest().toString(),
        policy.fetched().size(),
        execution(policy),
        preparation,
        new PolicyFigures.Duration(first.wallNanos() / 1e6, first.cpuNanos() / 1e6),
        reached(warmed, state, steady.cpu().p50() * 1e6),
        steady,
        throughput,
        ProcessFigures.memory(),
        answers);
  }

  private static PolicyFigures.Execution execution(PreparedPolicy policy) {
    return new PolicyFigures.Execution(
        policy.execution().mode().text(), policy.execution().reason());
  }

  private record Warmed(boolean flat, double seconds, long evaluations) {}

  private Warmed warmUp(SteadyState state) {
    var began = System.nanoTime();
    var end = began + plan.warmUp().toNanos();
    var reports = new Reports(state);
    evaluator.until(
        () -> state.isFlat() || System.nanoTime() - end >= 0,
        sample -> {
          state.add(sample);
          reports.heard(sample);
        });
    return new Warmed(state.isFlat(), (System.nanoTime() - began) / 1e9, reports.evaluations);
  }

  /** Tells every few seconds how far the warm-up is. */
  private final class Reports {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final SteadyState state;
    private long evaluations;
    private long next = EVERY_NANOS;

    private Reports(SteadyState state) {
      this.state = state;
      progress.accept("warming up, for %d s at most".formatted(plan.warmUp().toSeconds()));
    }

    private void heard(Sample sample) {
      evaluations++;
      if (sample.endNanos() >= next) {
        progress.accept(
            "warming up: %d s, %d evaluations, now %.3f ms of CPU each"
                .formatted(
                    sample.endNanos() / 1_000_000_000, evaluations, state.newestMedian() / 1e6));
        next = sample.endNanos() + EVERY_NANOS;
      }
    }
  }

  private static WarmUp reached(Warmed warmed, SteadyState state, double steadyNanos) {
    return new WarmUp(
        warmed.flat(),
        warmed.seconds(),
        warmed.evaluations(),
        seconds(state, STEADY, steadyNanos),
        seconds(state, NEARLY, steadyNanos));
  }

  private static @Nullable Double seconds(SteadyState state, double factor, double steadyNanos) {
    return state.within(factor, steadyNanos).map(Reached::seconds).orElse(null);
  }

  private Steady steady() {
    var processCpu = ProcessFigures.cpuNanos();
    var allocated = Evaluator.allocatedBytes();
    var samples = samples();
    var count = samples.size();
    // The list of samples is in it: some 40 bytes for each.
    var allocatedBytes = (double) (Evaluator.allocatedBytes() - allocated) / count;
    return new Steady(
        count,
        Percentiles.ofNanos(samples.stream().mapToLong(Sample::cpuNanos).toArray()),
        Percentiles.ofNanos(samples.stream().mapToLong(Sample::wallNanos).toArray()),
        (ProcessFigures.cpuNanos() - processCpu) / 1e6 / count,
        allocatedBytes);
  }

  private List<Sample> samples() {
    var samples = new ArrayList<Sample>();
    evaluator.until(stopAfter(plan.duration()), samples::add);
    return samples;
  }

  private Throughput throughput() throws InterruptedException {
    var began = System.nanoTime();
    var workers = Stream.<Callable<List<Sample>>>generate(() -> this::samples);
    var samples = new ArrayList<Sample>();
    for (var worker : guests.invokeAll(workers.limit(plan.threads()).toList())) {
      samples.addAll(valueOf(worker::get));
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    return new Throughput(
        plan.threads(),
        samples.size(),
        samples.size() / seconds,
        Percentiles.ofNanos(samples.stream().mapToLong(Sample::wallNanos).toArray()));
  }

  private static BooleanSupplier stopAfter(Duration duration) {
    var end = System.nanoTime() + duration.toNanos();
    return () -> System.nanoTime() - end >= 0;
  }

  private <T> T onGuest(Callable<T> work) throws InterruptedException {
    var task = guests.submit(work);
    return valueOf(task::get);
  }

  private interface Getter<T> {
    T get() throws InterruptedException, ExecutionException;
  }

  private static <T> T valueOf(Getter<T> getter) throws InterruptedException {
    try {
      return getter.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("a measurement ended with an exception", e.getCause());
    }
  }

  @Override
  public void close() {
    guests.close();
  }
}
