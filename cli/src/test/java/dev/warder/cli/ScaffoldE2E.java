package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From nothing to a verdict: a project of each language whose compiler is on this machine. */
final class ScaffoldE2E {
  private static final Duration LONG = Duration.ofMinutes(8);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "go     | go version",
        "go-sdk | go version",
        "c      | clang-14 --target=wasm32-wasi -include stdio.h -E -x c /dev/null",
        "rust   | rustc --print target-libdir --target wasm32-wasip1",
      })
  void aProjectIsTestedAnnotatedAndRunAsItIs(String language, String compiler) throws Exception {
    assumeTrue(works(compiler), "left out: " + compiler + " does not work here");
    var project = folder.resolve("my-policy");
    var begun =
        Program.warder()
            .run(
                "scaffold",
                "policy",
                "--language",
                language,
                "my-policy",
                "-d",
                project.toString());
    assertThat(begun.exitCode()).as(begun.stderr()).isZero();

    var tested = make(project, "test");
    assertThat(tested.exitCode()).as(tested.stdout() + tested.stderr()).isZero();
    assertThat(tested.stdout()).contains("4 passed, 0 failed");

    var ran = make(project, "run");
    assertThat(ran.stdout()).contains("\"allowed\":false", "needs the label \\\"owner\\\"");

    var manifest =
        Program.warder()
            .run(
                "scaffold",
                "manifest",
                project.resolve("policy.wasm").toString(),
                "--settings-path",
                project.resolve("settings/good.json").toString());
    assertThat(manifest.stdout()).contains("name: my-policy", "label: owner", "- pods");

    Files.writeString(
        project.resolve("tests/cases.yaml"),
        Files.readString(project.resolve("tests/cases.yaml")).replace("code: 403", "code: 400"));
    var failing = make(project, "test");
    assertThat(failing.exitCode()).isNotZero();
    assertThat(failing.stdout()).contains("code: expected 400, was 403", "3 passed, 1 failed");
  }

  @Test
  void aFolderInUseIsLeftAlone() throws Exception {
    Files.writeString(folder.resolve("mine"), "mine");
    var refused =
        Program.warder().run("scaffold", "policy", "--language", "c", "a", "-d", folder.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("is not empty");
    assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("mine"));
  }

  private static Program.Result make(Path project, String target) throws Exception {
    var warder = Program.checkout().resolve("warder").toString();
    return new Program(Path.of("make"), project, Map.of("WARDER", warder)).run(LONG, "-s", target);
  }

  private boolean works(String command) throws InterruptedException {
    try {
      var words = command.split(" ", -1);
      var result =
          new Program(Path.of(words[0]), folder, Map.of())
              .run(java.util.Arrays.copyOfRange(words, 1, words.length));
      // A target that is not installed has a folder all the same, without anything in it.
      return result.exitCode() == 0
          && (!words[0].equals("rustc") || Files.isDirectory(Path.of(result.stdout().strip())));
    } catch (IOException e) {
      return false;
    }
  }
}
