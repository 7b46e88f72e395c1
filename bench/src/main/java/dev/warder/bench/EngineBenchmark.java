package dev.warder.bench;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.AdmissionReviews;
import dev.warder.policy.evaluation.Decoded;
import dev.warder.policy.evaluation.PolicyAnswer;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.StepListener;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Run;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One evaluation through the engine's doors. Guest code runs on threads of its own kind only, so
 * each figure includes handing over to one and back.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-XX:-DontCompileHugeMethods",
      "-XX:-ClipInlining",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=dontinline,warder.guest.*::call_indirect_*",
      "--sun-misc-unsafe-memory-access=allow"
    })
@Warmup(iterations = 6, time = 10)
@Measurement(iterations = 5, time = 5)
public class EngineBenchmark {
  private static final EvaluationBudget BUDGET =
      EvaluationBudget.defaults().withTime(Duration.ofSeconds(30));

  /** Which of the samples. */
  @Param({"c", "go"})
  public String sample = "c";

  private final WasiEngine engine = new WasiEngine();
  private final ExecutorService guest =
      Executors.newSingleThreadExecutor(GuestThreads.factory("jmh"));

  // What is measured, made before anything is.
  @SuppressWarnings("NullAway.Init")
  private PreparedPolicy policy;

  @SuppressWarnings("NullAway.Init")
  private ValidationRequest request;

  private byte[] stdin = {};

  /** Prepares the policy. */
  @Setup
  public void prepare() throws IOException {
    Logs.quiet();
    var wanted = sample.equals("c") ? BenchPolicy.c(Scenario.HOME) : BenchPolicy.go(Scenario.HOME);
    var store = Files.createTempDirectory("warder-jmh-");
    try (var fetcher =
        new ModuleFetcher(new ModuleStore(store), FetchLimits.defaults(), Sources.none())) {
      policy =
          Failures.valueOf(
              new PolicyPreparer(fetcher, engine, new SignatureStore(store))
                  .prepare(
                      new PreparationRequest(
                          "file://" + wanted.module(),
                          wanted.settings(),
                          BUDGET,
                          Optional.empty(),
                          Requirement.NONE),
                      StepListener.NONE));
    }
    var review = Scenario.HOME.resolve("bench/review.json");
    stdin = Review.stdin(review, wanted.settings());
    request = decoded(review);
  }

  private static ValidationRequest decoded(Path review) throws IOException {
    return switch (AdmissionReviews.decode(Review.compact(review))) {
      case Decoded.Request(var decoded) -> decoded;
      default -> throw new IOException(review + " is no AdmissionReview");
    };
  }

  /** The module alone. */
  @Benchmark
  public Run run() throws InterruptedException, ExecutionException {
    return guest.submit(() -> policy.module().run(Command.VALIDATE, stdin, BUDGET)).get();
  }

  /** With encoding its input and reading its answer. */
  @Benchmark
  public PolicyAnswer evaluate() throws InterruptedException, ExecutionException {
    return guest.submit(() -> policy.evaluate(request, BUDGET)).get();
  }

  /** The hand-over that is in both. */
  @Benchmark
  public boolean handOver() throws InterruptedException, ExecutionException {
    return guest.submit(() -> true).get();
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    guest.close();
    engine.close();
  }
}
