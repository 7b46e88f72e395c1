package dev.warder.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The same module and the same input in both engines, in turn. */
@Command(
    name = "compare",
    description =
        "Evaluations by Warder and by wasmtime in turn, and the ratio of their CPU times.",
    mixinStandardHelpOptions = true)
final class CompareScenario extends Scenario {
  private static final JsonMapper JSON = new JsonMapper();

  @Option(
      names = "--policies",
      split = ",",
      defaultValue = "c,go,cel",
      description = "c, go, cel, kyverno (${DEFAULT-VALUE}).")
  private List<String> policies;

  @Option(
      names = "--module",
      paramLabel = "NAME=FILE",
      description = "Another module, with empty settings, that allows bench/review.json.")
  private Map<String, Path> modules = new LinkedHashMap<>();

  @Option(names = "--rounds", defaultValue = "3", description = "(${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "60",
      description = "Longest of Warder, seconds (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seconds", defaultValue = "10", description = "Per run (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var wasmtime = Wasmtime.install(HOME);
    figures.version("wasmtime", Wasmtime.VERSION);
    var all = new ArrayList<BenchPolicy>();
    for (var name : policies) {
      all.add(
          switch (name) {
            case "c" -> BenchPolicy.c(HOME);
            case "go" -> BenchPolicy.go(HOME);
            default -> BenchPolicy.large(HOME, name);
          });
    }
    for (var other : modules.entrySet()) {
      all.add(
          new BenchPolicy(
              other.getKey(),
              other.getValue().toAbsolutePath(),
              JsonNodeFactory.instance.objectNode()));
    }
    for (var policy : all) {
      compare(folder, wasmtime, policy, figures);
    }
  }

  private void compare(Path folder, Wasmtime wasmtime, BenchPolicy policy, Figures figures)
      throws Exception {
    var review = HOME.resolve("bench/review.json");
    var stdin =
        Files.write(
            folder.resolve(policy.name() + ".stdin"), Review.stdin(review, policy.settings()));
    var settings = Files.writeString(folder.resolve("settings.json"), policy.settings().toString());
    var ours = new Runs();
    var onDemand = new Runs();
    var pooling = new Runs();
    for (int round = 1; round <= rounds; round++) {
      say("%s: round %d of %d".formatted(policy.name(), round, rounds));
      ours.add(warder(policy.module(), settings, review).path("policies").path(0), "perThread");
      onDemand.add(wasmtime.run(policy.module(), stdin, "on-demand", seconds), "");
      pooling.add(wasmtime.run(policy.module(), stdin, "pooling", seconds), "");
    }
    figures.add(policy.name() + ": stdin", (double) Files.size(stdin), "bytes");
    figures.add("  module", Files.size(policy.module()) / 1048576.0, "MiB");
    figures.add("  Warder, CPU per evaluation, p50", ours.p50(), "ms");
    figures.add("  Warder, with the JVM's threads, mean", ours.mean(), "ms");
    figures.add("  wasmtime, on demand, p50", onDemand.p50(), "ms");
    figures.add("  wasmtime, pooling, p50", pooling.p50(), "ms");
    figures.add("  of which Python and an empty instance", onDemand.harness(), "ms");
    figures.add("  ratio to on demand", ours.p50() / onDemand.p50(), "x");
    figures.add(
        "  ratio to on demand less Python and an empty instance",
        ours.p50() / (onDemand.p50() - onDemand.harness()),
        "x");
    figures.add("  ratio to pooling", ours.p50() / pooling.p50(), "x");
  }

  private JsonNode warder(Path module, Path settings, Path review) throws Exception {
    return Programs.json(
        List.of(
            HOME.resolve("warder").toString(),
            "bench",
            module.toString(),
            "--settings-path=" + settings,
            "--request-path=" + review,
            "--threads=1",
            "--timeout=30s",
            "--compile-memory=1Gi",
            "--warm-up=" + warmUp + "s",
            "--duration=" + seconds + "s",
            "--output=json"));
  }

  /** What the rounds of one engine found; the middle one counts. */
  private static final class Runs {
    private final List<Double> p50 = new ArrayList<>();
    private final List<Double> mean = new ArrayList<>();
    private double harness;

    private void add(JsonNode run, String member) throws IOException {
      var allowed =
          run.path("accepted").booleanValue() || run.path("answers").path(0).booleanValue();
      if (!allowed) {
        throw new IOException(
            "the policy did not allow the review: " + JSON.writeValueAsString(run));
      }
      var figures = member.isEmpty() ? run : run.path(member);
      p50.add(figures.path("cpu").path("p50").doubleValue());
      mean.add(figures.path("processCpu").doubleValue());
      harness = run.path("harnessCpuP50").doubleValue();
    }

    private double p50() {
      return median(p50);
    }

    private double mean() {
      return median(mean);
    }

    private double harness() {
      return harness;
    }

    private static double median(List<Double> values) {
      var sorted = values.stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }
  }
}
