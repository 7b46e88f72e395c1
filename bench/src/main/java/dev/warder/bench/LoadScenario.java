package dev.warder.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Requests over TLS: as many as possible, then at a fixed rate. */
@Command(
    name = "load",
    description = "The Go and the C sample over TLS: saturated, then at fixed rates.",
    mixinStandardHelpOptions = true)
final class LoadScenario extends Scenario {
  @Option(names = "--warm-up", defaultValue = "60", description = "Seconds (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seconds", defaultValue = "20", description = "Per load (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--connections", defaultValue = "8", description = "(${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "20,200",
      description = "Requests per second.")
  private List<Integer> rates;

  @Option(names = "--wrk", description = "Let wrk, a program in C, ask as well.")
  private boolean wrk;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var policies = List.of(BenchPolicy.c(HOME), BenchPolicy.go(HOME));
    try (var server = server(folder)) {
      server.start(policies);
      for (var policy : policies) {
        measure(folder, server, policy.name(), figures);
      }
      figures.add("resident memory after it", server.process().residentBytes() / 1048576.0, "MiB");
    }
  }

  private void measure(Path folder, Server server, String policy, Figures figures)
      throws Exception {
    var path = server.path(policy);
    var load = Load.of(server.endpoint(), server.endpoint().post(path, review()), connections);
    say(policy + ": warming up for " + warmUp + " s");
    load.saturate(Duration.ofSeconds(warmUp));
    figures.add(policy + ", " + connections + " connections without pause", seconds, "s");
    var cpu = server.process().cpuSeconds();
    figures.add(load.saturate(Duration.ofSeconds(seconds)), server.process().cpuSeconds() - cpu);
    if (wrk) {
      Wrk.measure(folder, server, path, connections, seconds, figures);
    }
    for (var rate : rates) {
      figures.add(policy + " at a fixed rate", rate, "1/s");
      cpu = server.process().cpuSeconds();
      figures.add(
          load.arrive(rate, Duration.ofSeconds(seconds)), server.process().cpuSeconds() - cpu);
    }
  }
}
