package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionsCommandTest {
  @Test
  void bashCanReadItsCompletions(@TempDir Path folder) throws Exception {
    var script = Files.writeString(folder.resolve("warder.bash"), completions("bash"));
    var bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor()).isZero();
    assertThat(script).content().contains("scaffold", "admission-request", "complete -F");
    assertThat(completions("zsh")).isEqualTo(completions("bash"));
  }

  @Test
  void fishGetsOneLineForEachCommandAndOption() {
    assertThat(completions("fish").lines())
        .allMatch(line -> line.startsWith("complete -c warder "))
        .anyMatch(line -> line.contains("-n '__fish_use_subcommand' -a scaffold -d '"))
        .anyMatch(line -> line.contains("__fish_seen_subcommand_from test' -l junit -r -F -d '"))
        .allMatch(line -> line.chars().filter(c -> c == '\'').count() % 2 == 0);
  }

  private static String completions(String shell) {
    var out = new StringWriter();
    var code =
        Warder.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("completions", "--shell", shell);
    assertThat(code).isZero();
    return out.toString();
  }
}
