package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.DataFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whatever prints data prints it as a table, as JSON and as YAML, by the same option. */
final class OutputOptionTest {
  /** These print no data: the first serves, the others write files and tell people so. */
  private static final Set<String> WITHOUT_DATA = Set.of("operator", "annotate", "policy");

  private static List<CommandLine> commands() {
    var commands = new ArrayList<CommandLine>();
    collect(Warder.commandLine(), commands);
    return commands;
  }

  private static void collect(CommandLine command, List<CommandLine> commands) {
    if (command.getSubcommands().isEmpty()) {
      commands.add(command);
    }
    command.getSubcommands().values().forEach(sub -> collect(sub, commands));
  }

  /** Without the places where its lines end. */
  private static String help(CommandLine command) {
    return command.getUsageMessage().replaceAll("\\s+", " ");
  }

  @Test
  void everyCommandThatPrintsDataHasTheOption() {
    assertThat(commands()).hasSizeGreaterThan(15);
    assertThat(commands())
        .filteredOn(command -> !WITHOUT_DATA.contains(command.getCommandName()))
        .filteredOn(command -> !help(command).contains("so there is no --output."))
        .allSatisfy(
            command -> {
              assertThat(command.getCommandSpec().optionsMap())
                  .as(command.getCommandName())
                  .containsKey("--output");
              var option = Objects.requireNonNull(command.getCommandSpec().findOption("--output"));
              assertThat(option.type()).isEqualTo(DataFormat.class);
              assertThat(option.paramLabel()).isEqualTo("table|json|yaml");
              assertThat(option.converters()).hasExactlyElementsOfTypes(DataFormat.Converter.class);
              assertThat(help(command)).contains("(default: " + option.defaultValue());
            });
  }

  @Test
  void theOlderNameOfTheTableIsTakenAndAnUnknownOneIsNot() throws Exception {
    assertThat(run("version", "--output", "text")).isEqualTo(run("version"));
    assertThat(run("version")).startsWith("warder ");
    var json = new JsonMapper().readTree(run("version", "-o", "json"));
    assertThat(json.path("version").asText()).isEqualTo(Version.number());
    assertThat(new YAMLMapper().readTree(run("version", "-o", "YAML"))).isEqualTo(json);
    assertThat(run("version", "--output", "xml"))
        .contains("'xml' is none of table, json, yaml")
        .contains("Try 'warder version --help'.");
  }

  private static String run(String... arguments) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    Warder.commandLine().setOut(out).setErr(out).execute(arguments);
    out.flush();
    return text.toString();
  }
}
