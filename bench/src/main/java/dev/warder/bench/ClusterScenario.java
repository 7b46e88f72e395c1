package dev.warder.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The operator on a control plane: from a resource to what is served. */
@Command(
    name = "cluster",
    description = "Apply to Ready, edit to served, load and memory of the operator.",
    mixinStandardHelpOptions = true)
final class ClusterScenario extends Scenario {
  private static final int POLICIES = 10;
  private static final int EDITS = 5;
  private static final int CONNECTIONS = 8;

  @Option(names = "--seconds", defaultValue = "20", description = "Per load (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var modules = Variants.SECTION.policies(HOME, folder, POLICIES);
    try (var server = new OperatorServer(HOME, folder, "-Xmx1228m")) {
      var begin = System.nanoTime();
      server.start(List.of());
      figures.add("start of the operator to /readyz", (System.nanoTime() - begin) / 1e9, "s");
      memory("no policy", server, figures);
      var cluster = server.cluster();
      figures.add("apply to Ready, first policy", cluster.createAndAwait(modules.getFirst()), "s");
      memory("1 policy, before any request", server, figures);
      var request = server.endpoint().post(server.path("policy-0"), review());
      load(server, Load.of(server.endpoint(), request, CONNECTIONS), figures);
      memory("1 policy, after the load", server, figures);
      var edits = new ArrayList<Double>();
      for (int i = 0; i < EDITS; i++) {
        edits.add(cluster.editAndAwaitServed("policy-0", i, server.endpoint(), request));
      }
      edits.sort(null);
      figures.add("edit to served, median of 5", edits.get(EDITS / 2), "s");
      figures.add("edit to served, slowest of 5", edits.getLast(), "s");
      for (var policy : modules.subList(1, POLICIES - 1)) {
        say(policy.name() + " is Ready after " + cluster.createAndAwait(policy) + " s");
      }
      figures.add(
          "apply to Ready, tenth policy, tenth module",
          cluster.createAndAwait(modules.getLast()),
          "s");
      memory("10 policies of 10 modules", server, figures);
      figures.add(
          "apply to Ready, eleventh policy, known module",
          cluster.createAndAwait(modules.getFirst().named("known")),
          "s");
    }
  }

  private void load(Server server, Load load, Figures figures) throws InterruptedException {
    load.saturate(Duration.ofSeconds(seconds));
    figures.add("the Go sample, 8 connections without pause", seconds, "s");
    var cpu = server.process().cpuSeconds();
    figures.add(load.saturate(Duration.ofSeconds(seconds)), server.process().cpuSeconds() - cpu);
  }

  private static void memory(String title, Server server, Figures figures) {
    figures.add("resident memory, " + title, server.process().residentBytes() / 1048576.0, "MiB");
  }
}
