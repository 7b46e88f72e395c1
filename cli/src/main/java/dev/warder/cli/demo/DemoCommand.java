package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.DataFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole of Warder on a real API server. */
@Command(
    name = "demo",
    description = "Shows Warder at work on a real API server, from a manifest to a verdict.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without --context it starts a control plane of its own on this machine (etcd,",
      "kube-apiserver) and removes it at the end. Its programs are taken from",
      "KUBEBUILDER_ASSETS or a cache, else downloaded or built with Go: once, and that",
      "takes minutes. Exit code 0 means that every step went as expected."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = {
        "A story for people that ends with a table, or one document at the end for scripts",
        "(default: ${DEFAULT-VALUE})."
      })
  private DataFormat output;

  @Option(
      names = "--keep",
      description = "Leave it running until Ctrl-C, and print how to reach it.")
  private boolean keep;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      defaultValue = "",
      description = {
        "Use the cluster of this kubeconfig context. The demo judges only namespaces of its",
        "own there, and removes everything at the end."
      })
  private String context;

  @Option(
      names = "--webhook-host",
      paramLabel = "ADDRESS",
      defaultValue = "",
      description = {
        "With --context: this machine's name or address as the API server reaches it.",
        "Default: the address from which this machine reaches the API server."
      })
  private String webhookHost;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!webhookHost.isEmpty() && context.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--webhook-host only goes with --context");
    }
    var report = new Demo(home(), context, webhookHost, keep, audience()).play();
    return report.outcome() == StepReport.Outcome.PASSED
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  private Audience audience() {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    return switch (output) {
      case TABLE -> new TextAudience(out, err, Style.ofTerminal());
      case JSON, YAML -> new DocumentAudience(output, out, err);
    };
  }

  private static Path home() {
    var home = Path.of(System.getProperty("warder.home", ""));
    if (!Files.isDirectory(home.resolve("samples")) || !Files.isDirectory(home.resolve("config"))) {
      throw new CommandFailedException(
          "the demo needs the samples/ and config/ of a checkout: start it with the script"
              + " 'warder' there");
    }
    return home.toAbsolutePath();
  }
}
