package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReasonsDocTest {
  private static final Path PAGE = Path.of("../docs/operate.md");
  private static final String BEGIN = "<!-- reasons:";
  private static final String BEGIN_END = "-->\n";
  private static final String END = "<!-- end of reasons -->";

  @Test
  void thePageListsEveryReasonWithItsRemedy() throws Exception {
    var page = Files.readString(PAGE);
    var from = page.indexOf(BEGIN_END, page.indexOf(BEGIN)) + BEGIN_END.length();
    var to = page.indexOf(END);
    assertThat(from).as("markers in %s", PAGE).isBetween(BEGIN.length(), to);

    var expected = page.substring(0, from) + table() + page.substring(to);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "%s differs; run: mvn -B -q -pl policy -am test -Dtest=ReasonsDocTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true",
            PAGE)
        .isEqualTo(expected);
  }

  private static String table() {
    return Arrays.stream(Reason.values())
        .map(
            reason ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        reason.name(), then(reason.kind()), reason.meaning(), reason.remedy()))
        .collect(
            Collectors.joining(
                "", "| reason | then | what it means | what you do |\n|---|---|---|---|\n", ""));
  }

  private static String then(Reason.Kind kind) {
    return switch (kind) {
      case PROGRESS -> "goes on";
      case SUCCESS -> "is done";
      case TERMINAL -> "waits for an edit";
      case RETRY -> "tries again";
    };
  }
}
