package dev.warder.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Start and memory with modules that differ: with nothing on disk, and again. */
@Command(
    name = "start",
    description = "Start-up and memory with many distinct modules, cold and warm.",
    mixinStandardHelpOptions = true)
final class StartScenario extends Scenario {
  private static final int REST_SECONDS = 10;
  private static final int ROUND_SECONDS = 5;
  private static final double NEARLY = 1.5;

  @Option(names = "--modules", defaultValue = "25", description = "How many (${DEFAULT-VALUE}).")
  private int modules;

  @Option(
      names = "--differ",
      paramLabel = "section|linker",
      defaultValue = "linker",
      description = "By a custom section, or by a linked string (${DEFAULT-VALUE}).")
  private Variants differ;

  @Option(
      names = "--settle",
      defaultValue = "60",
      description = "Longest wait for steady times, in seconds (${DEFAULT-VALUE}).")
  private int settle;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var policies = differ.policies(HOME, folder, modules);
    try (var server = server(folder)) {
      start("nothing on disk", server, policies, figures);
      server.stop();
      start("second start", server, policies, figures);
    }
  }

  private void start(String title, Server server, List<BenchPolicy> policies, Figures figures)
      throws Exception {
    figures.add(title + ": modules", modules, "");
    var began = System.nanoTime();
    server.start(policies);
    var wall = (System.nanoTime() - began) / 1e9;
    figures.add("  to all served, CPU", server.process().cpuSeconds(), "s");
    figures.add("  to all served", wall, "s");
    var request = server.endpoint().post(server.path(policies.getFirst().name()), review());
    figures.add("  first evaluation after that", askOnce(server, request), "ms");
    Thread.sleep(Duration.ofSeconds(REST_SECONDS));
    figures.add("  at rest", server.process().residentBytes() / 1048576.0, "MiB");
    figures.add("  peak", server.peak().mebibytes(), "MiB");
    steady(server, request, began + (long) (wall * 1e9), figures);
  }

  private static double askOnce(Server server, byte[] request) throws Exception {
    try (var connection = new Connection(server.endpoint())) {
      var begin = System.nanoTime();
      connection.ask(request);
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  /** At a gentle rate, so that the server itself has to become faster; then without pause. */
  private void steady(Server server, byte[] request, long ready, Figures figures)
      throws InterruptedException {
    var load = Load.of(server.endpoint(), request, 1);
    var rounds = new ArrayList<double[]>();
    while ((System.nanoTime() - ready) / 1e9 < settle) {
      var round = load.arrive(5, Duration.ofSeconds(ROUND_SECONDS));
      rounds.add(new double[] {(System.nanoTime() - ready) / 1e9, round.percentile(50)});
    }
    load.saturate(Duration.ofSeconds(settle));
    var last = load.arrive(5, Duration.ofSeconds(ROUND_SECONDS)).percentile(50);
    figures.add("  steady p50, 5 requests per second", last, "ms");
    rounds.stream()
        .filter(round -> round[1] <= NEARLY * last)
        .findFirst()
        .ifPresentOrElse(
            round -> figures.add("  within 1.5x of it after Ready, at most", round[0], "s"),
            () -> figures.add("  not within 1.5x of it after Ready by", settle, "s"));
  }
}
