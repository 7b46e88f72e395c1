package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.demo.DemoCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The program's entry point. */
@Command(
    name = "warder",
    description = "WebAssembly (WASI) admission policies for Kubernetes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went well",
      "1:it failed, or the answer is no",
      "2:the command line is wrong"
    },
    footer = {"", "'warder COMMAND --help' tells more. New here? Try 'warder demo'."},
    subcommands = {
      DemoCommand.class,
      OperatorCommand.class,
      ServeCommand.class,
      RunCommand.class,
      TestCommand.class,
      InspectCommand.class,
      PullCommand.class,
      PushCommand.class,
      VerifyCommand.class,
      DigestCommand.class,
      SaveCommand.class,
      LoadCommand.class,
      ScaffoldCommand.class,
      AnnotateCommand.class,
      OptimizeCommand.class,
      BenchCommand.class,
      CompletionsCommand.class,
      VersionCommand.class
    })
public final class Warder {
  private Warder() {}

  public static void main(String[] arguments) {
    // Answers carry texts of policies, which are UTF-8 whatever the locale is.
    var line =
        commandLine()
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(line.execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Warder())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedSubcommandsAllowed(false)
        .setParameterExceptionHandler(Warder::explainUsage)
        .setExecutionExceptionHandler(Warder::explainFailure);
  }

  private static int explainUsage(ParameterException wrong, String[] arguments) {
    var line = wrong.getCommandLine();
    var err = line.getErr();
    err.println("Error: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int explainFailure(
      Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    if (failure instanceof CommandFailedException) {
      line.getErr().println("Error: " + failure.getMessage());
    } else {
      line.getErr().println("Error: something failed that has no better name; please report this:");
      failure.printStackTrace(line.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
