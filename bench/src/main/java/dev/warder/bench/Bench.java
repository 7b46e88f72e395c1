package dev.warder.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The measurements' entry point. */
@Command(
    name = "bench/run",
    description = "Measures this checkout on this machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SCENARIO",
    subcommands = {
      LoadScenario.class,
      StartScenario.class,
      ManyScenario.class,
      NeighbourScenario.class,
      CompareScenario.class,
      ClusterScenario.class,
      ContextScenario.class,
      JmhScenario.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Bench::explain)
            .execute(arguments));
  }

  private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    line.getErr().println("Error: " + failure.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
