package dev.warder.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the number of policies changes the throughput. */
@Command(
    name = "many",
    description = "Throughput with one policy and with many policies of few modules.",
    mixinStandardHelpOptions = true)
final class ManyScenario extends Scenario {
  @Option(names = "--policies", defaultValue = "1000", description = "(${DEFAULT-VALUE}).")
  private int count;

  @Option(names = "--modules", defaultValue = "5", description = "(${DEFAULT-VALUE}).")
  private int modules;

  @Option(names = "--warm-up", defaultValue = "60", description = "Seconds (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seconds", defaultValue = "20", description = "Per load (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var distinct = Variants.LINKER.policies(HOME, folder, modules);
    var policies = new ArrayList<BenchPolicy>();
    for (int i = 0; i < count; i++) {
      policies.add(distinct.get(i % modules).named("policy-" + i));
    }
    try (var server = server(folder)) {
      server.start(policies);
      figures.add("policies", count, "");
      figures.add("  modules", modules, "");
      figures.add("  resident memory", server.process().residentBytes() / 1048576.0, "MiB");
      var all = new ArrayList<byte[]>();
      for (var policy : policies) {
        all.add(server.endpoint().post(server.path(policy.name()), review()));
      }
      // The same modules in both, so that only the number of policies differs.
      var few = new Load(server.endpoint(), all.subList(0, modules), 8, false);
      var many = new Load(server.endpoint(), all, 8, false);
      many.saturate(Duration.ofSeconds(warmUp));
      for (int round = 1; round <= 2; round++) {
        measure("asking one policy of each module", server, few, figures);
        measure("asking all policies", server, many, figures);
      }
    }
  }

  private void measure(String title, Server server, Load load, Figures figures)
      throws InterruptedException {
    var cpu = server.process().cpuSeconds();
    var outcome = load.saturate(Duration.ofSeconds(seconds));
    figures.add(title, load.requests().size(), "policies");
    figures.add(outcome, server.process().cpuSeconds() - cpu);
  }
}
