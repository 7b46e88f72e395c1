package dev.warder.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The micro-benchmarks. */
@Command(
    name = "jmh",
    description = "The micro-benchmarks of the engine; takes JMH's own options, after --.",
    mixinStandardHelpOptions = true)
final class JmhScenario implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "OPTION", description = "As JMH takes them.")
  private List<String> options = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Main.main(options.toArray(String[]::new));
    return CommandLine.ExitCode.OK;
  }
}
