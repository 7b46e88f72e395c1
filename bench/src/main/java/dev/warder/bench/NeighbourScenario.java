package dev.warder.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a policy's callers feel of others. */
@Command(
    name = "neighbour",
    description =
        "A policy's p99 alone, and while another loops, is flooded or a large one compiles.",
    mixinStandardHelpOptions = true)
final class NeighbourScenario extends Scenario {
  private static final int FLOOD_CONNECTIONS = 8;
  private static final String BAD = "loop";

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Of the neighbour (${DEFAULT-VALUE}).")
  private int rate;

  @Option(names = "--warm-up", defaultValue = "30", description = "Seconds (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seconds", defaultValue = "20", description = "Per load (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var steerable = BenchPolicy.large(HOME, "steerable");
    var large = BenchPolicy.large(HOME, "cel");
    for (var built : List.of(steerable, large)) {
      if (!Files.exists(built.module())) {
        throw new IllegalStateException(
            built.module() + " is missing: run bench/policies/build.sh");
      }
    }
    var loops =
        new BenchPolicy(
            "loops",
            steerable.module(),
            JsonNodeFactory.instance.objectNode().put("behaviour", BAD).put("name", BAD));
    try (var server = server(folder)) {
      server.start(List.of(BenchPolicy.c(HOME), BenchPolicy.go(HOME), loops));
      var endpoint = server.endpoint();
      // Under attack a refusal is an answer, too; the table tells how many there were.
      var neighbour = load(endpoint, endpoint.post(server.path("c"), review()), 4);
      var flood = load(endpoint, endpoint.post(server.path("go"), review()), FLOOD_CONNECTIONS);
      var bad = Review.named(HOME.resolve("bench/review.json"), BAD);
      var looping = load(endpoint, endpoint.post(server.path("loops"), bad), 1);
      neighbour.saturate(Duration.ofSeconds(warmUp));
      flood.saturate(Duration.ofSeconds(warmUp));
      report("the C sample alone", neighbour.arrive(rate, time()), figures);
      report("while another policy loops", beside(neighbour, looping), figures);
      report("while another is flooded", beside(neighbour, flood), figures);
      server.add(large);
      report("while a large module compiles", neighbour.arrive(rate, time()), figures);
    }
  }

  private static Load load(Endpoint endpoint, byte[] request, int connections) {
    return new Load(endpoint, List.of(request), connections, true);
  }

  private Duration time() {
    return Duration.ofSeconds(seconds);
  }

  private Load.Outcome beside(Load neighbour, Load other) throws Exception {
    try (var thread = Executors.newSingleThreadExecutor()) {
      var bad = thread.submit(() -> other.saturate(time()));
      var outcome = neighbour.arrive(rate, time());
      bad.get();
      return outcome;
    }
  }

  private void report(String title, Load.Outcome outcome, Figures figures) {
    figures.add(title, rate, "1/s");
    figures.add("  p50", outcome.percentile(50), "ms");
    figures.add("  p95", outcome.percentile(95), "ms");
    figures.add("  p99", outcome.percentile(99), "ms");
    figures.add("  refused", (double) outcome.refused(), "");
  }
}
