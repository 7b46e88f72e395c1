package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a step acts with. Everything done through it is shown and recorded. */
final class Stage {
  private static final Duration EVENTS_WITHIN = Duration.ofSeconds(10);

  private final Shell shell;
  private final String webhook;
  private final Audience audience;
  private final List<CommandResult> commands = new ArrayList<>();

  Stage(Shell shell, String webhook, Audience audience) {
    this.shell = shell;
    this.webhook = webhook;
    this.audience = audience;
  }

  List<CommandResult> commands() {
    return commands;
  }

  /** Runs kubectl and shows the command and its answer. */
  CommandResult kubectl(String... arguments) {
    return show(shell.kubectl(List.of(arguments)));
  }

  /** The same, for a command whose failure ends the step. */
  CommandResult must(String... arguments) {
    var result = kubectl(arguments);
    if (!result.succeeded()) {
      throw new CommandFailedException(result.line() + " failed: " + result.output());
    }
    return result;
  }

  /** Runs kubectl without showing it: for looking behind the scene. */
  CommandResult ask(String... arguments) {
    return shell.kubectl(List.of(arguments));
  }

  /** Shows the Events of an object; they may come a moment after its status. */
  String showEvents(String object) {
    var deadline = Instant.now().plus(EVENTS_WITHIN);
    var answer = ask("describe", object);
    while (events(answer).contains("<none>") && Instant.now().isBefore(deadline)) {
      answer = ask("describe", object);
    }
    var line = answer.line() + " | sed -n '/^Events:/,$p'";
    show(new CommandResult(line, answer.exitCode(), events(answer), answer.stderr()));
    return events(answer);
  }

  private static String events(CommandResult described) {
    return described.stdout().substring(Math.max(0, described.stdout().indexOf("\nEvents:") + 1));
  }

  /** Runs kubectl and keeps its output, less the lines that differ every time, in a file. */
  void store(String file, String... arguments) throws IOException {
    var result = shell.kubectl(List.of(arguments));
    if (!result.succeeded()) {
      show(result);
      throw new CommandFailedException(result.line() + " failed: " + result.output());
    }
    var volatileLine = "uid:|Timestamp:|resourceVersion:";
    var kept =
        result
            .stdout()
            .lines()
            .filter(line -> !line.matches(".*(" + volatileLine + ").*"))
            .toList();
    Files.writeString(shell.folder().resolve(file), String.join("\n", kept) + "\n");
    var line = result.line() + " | grep -vE '" + volatileLine + "' > " + file;
    show(new CommandResult(line, 0, "", result.stderr()));
  }

  /** What changed from one file to another; empty if nothing did. */
  String diff(String before, String after) {
    return show(shell.run(List.of("diff", "-U2", before, after))).stdout();
  }

  /** Shows one of the demo's files. */
  void cat(String file) throws IOException {
    show(new CommandResult("cat " + file, 0, Files.readString(shell.folder().resolve(file)), ""));
  }

  /** Shows an answer that did not come from the shell. */
  CommandResult show(CommandResult result) {
    commands.add(result);
    audience.commandEnds(result);
    if (result.stderr().contains("failed calling webhook")) {
      throw new CommandFailedException(
          "the API server cannot reach "
              + webhook
              + ": "
              + result.stderr().strip()
              + " - name an address of this machine that it can reach with --webhook-host");
    }
    return result;
  }
}
