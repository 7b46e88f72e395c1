package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files, commands and options that the documentation and the manifests name must exist. */
class DocumentationTest {
  private static final Path HOME = Path.of("..");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
  private static final Pattern CALL =
      Pattern.compile(
          "(?:^|[ /`])warder (operator|run|test|inspect|annotate|optimize|bench|serve|demo|push|pull)\\b((?:\\\\\n|[^\n`|])*)",
          Pattern.MULTILINE);
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
  private static final Pattern VARIABLE = Pattern.compile("name: (WARDER_\\w+)");

  static Stream<Path> pages() throws IOException {
    try (var docs = Files.walk(HOME.resolve("docs"));
        var samples = Files.walk(HOME.resolve("samples"));
        var top = Files.list(HOME)) {
      return Stream.of(docs, samples, top)
          .flatMap(Function.identity())
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) {
    assertThat(LINK.matcher(text(page)).results().map(link -> link.group(1)))
        .filteredOn(target -> !target.contains("://"))
        .allSatisfy(target -> assertLeadsSomewhere(page, target));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyOptionOfACallExists(Path page) {
    assertThat(CALL.matcher(text(page)).results())
        .allSatisfy(call -> assertThat(optionsOf(call.group(1))).containsAll(named(call.group(2))));
  }

  @Test
  void theOptionsThatRemediesNameExist() {
    var remedies = Arrays.stream(Reason.values()).map(Reason::remedy).toList();

    assertThat(named(String.join(" ", remedies))).isNotEmpty().isSubsetOf(optionsOf("operator"));
  }

  @Test
  void theVariablesOfTheDeploymentExist() {
    var deployment = text(HOME.resolve("config/manager/deployment.yaml"));
    var variables = optionsOf("operator").stream().map(EnvironmentDefaults::variable).toList();

    assertThat(VARIABLE.matcher(deployment).results().map(found -> found.group(1)))
        .isNotEmpty()
        .isSubsetOf(variables);
  }

  private static void assertLeadsSomewhere(Path page, String target) {
    var parts = target.split("#", 2);
    var file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    assertThat(file).exists();
    if (parts.length == 2) {
      assertThat(anchorsOf(file)).contains(parts[1]);
    }
  }

  private static Set<String> anchorsOf(Path page) {
    return HEADING
        .matcher(text(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Set<String> optionsOf(String command) {
    var subcommands = Warder.commandLine().getSubcommands();
    assertThat(subcommands).containsKey(command);
    return Objects.requireNonNull(subcommands.get(command)).getCommandSpec().optionsMap().keySet();
  }

  private static Set<String> named(String text) {
    return OPTION.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
