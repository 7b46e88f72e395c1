package dev.warder.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Teaches shells the command line. */
@Command(
    name = "completions",
    description = "Prints what completes the command line in a shell.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints a script for the shell, so there is no --output.",
      "",
      "Examples:",
      "  source <(warder completions --shell bash)     # zsh too",
      "  warder completions --shell fish > ~/.config/fish/completions/warder.fish"
    })
final class CompletionsCommand implements Callable<Integer> {
  /** Which. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Option(
      names = {"-s", "--shell"},
      required = true,
      paramLabel = "bash|zsh|fish",
      description = "The shell.")
  private Shell shell;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var root = spec.root().commandLine();
    var out = spec.commandLine().getOut();
    switch (shell) {
      // zsh takes bash's, which turns its own completion on there.
      case BASH, ZSH -> out.print(AutoComplete.bash("warder", root));
      case FISH -> {
        var text = new StringBuilder("complete -c warder -f\n");
        fish(text, root, "__fish_use_subcommand");
        out.print(text);
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static void fish(StringBuilder text, CommandLine command, String when) {
    for (var option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        text.append(option(option, when));
      }
    }
    for (var sub : command.getSubcommands().entrySet()) {
      text.append("complete -c warder -n '%s' -a %s".formatted(when, sub.getKey()))
          .append(
              " -d '"
                  + summary(sub.getValue().getCommandSpec().usageMessage().description())
                  + "'\n");
      var inside = "__fish_seen_subcommand_from " + sub.getKey();
      fish(text, sub.getValue(), inside);
    }
  }

  private static String option(OptionSpec option, String when) {
    var line = new StringBuilder("complete -c warder -n '" + when + "'");
    for (var name : option.names()) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      line.append(
          option.paramLabel().toUpperCase(Locale.ROOT).matches("FILE|FOLDER|OUT")
              ? " -r -F"
              : " -x");
    }
    return line + " -d '" + summary(option.description()) + "'\n";
  }

  private static String summary(String[] lines) {
    return lines.length == 0
        ? ""
        : lines[0].replaceAll("['\\\\]", "").replaceAll("\\$\\{[^}]*}", "");
  }
}
