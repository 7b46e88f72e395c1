package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoCommandTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"go1.25", "go1.25.0", "go1.26.8", "go1.30rc1", "go2.0"})
  void newEnough(String version) {
    assertThat(GoCommand.isSufficient(version)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"go1.24.9", "go1.9", "", "devel", "go: unknown toolchain"})
  void tooOldOrUnknown(String version) {
    assertThat(GoCommand.isSufficient(version)).isFalse();
  }

  @Test
  void absentGoIsOneLineThatSaysWhatToInstall() {
    var go = new GoCommand(folder, folder.resolve("go").toString());

    assertThatThrownBy(() -> go.requireVersion("kubectl has to be built"))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageStartingWith("kubectl has to be built, but there is no program")
        .hasMessageContaining("install Go 1.25 or newer");
  }

  @Test
  void oldGoIsOneLineThatSaysWhatItIs() throws Exception {
    var go = new GoCommand(folder, script("echo go1.19.1"));

    assertThatThrownBy(() -> go.requireVersion("kubectl has to be built"))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("go1.19.1")
        .hasMessageContaining("install Go 1.25 or newer");
  }

  @Test
  void aFailedBuildTellsWhatGoPrintedLast() throws Exception {
    var go = new GoCommand(folder, script("seq 1 100; echo no space left >&2; exit 1"));

    assertThatThrownBy(() -> go.build("building x", List.of("build"), Map.of(), Progress.silent()))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessage("building x failed: 97 | 98 | 99 | 100 | no space left");
  }

  @Test
  void aBuildGetsItsArgumentsAndEnvironmentAndTellsWhenItIsDone() throws Exception {
    var go = new GoCommand(folder, script("echo \"$1 $FLAVOUR\" > result"));
    List<String> told = new ArrayList<>();

    go.build("building x", List.of("install"), Map.of("FLAVOUR", "plain"), told::add);

    assertThat(folder.resolve("result")).hasContent("install plain");
    assertThat(told.getLast()).startsWith("building x: done in ");
  }

  private String script(String body) throws Exception {
    Path script = Files.writeString(folder.resolve("go"), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }
}
