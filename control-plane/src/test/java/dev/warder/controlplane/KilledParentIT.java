package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledParentIT {

  /** Starts a control plane, says so, and ends when its standard input does. */
  static final class Holder {

    public static void main(String[] arguments) throws Exception {
      var options = ControlPlaneOptions.defaults().withDataFolder(Path.of(arguments[0]));
      ControlPlane held = ControlPlane.start(options, Progress.silent());
      System.out.println(held.server());
      while (System.in.read() >= 0) {}
    }
  }

  @TempDir Path folder;

  @Test
  void theProgramsDieWithAJavaProcessThatIsKilled() throws Exception {
    assumeThat(Stream.of("/usr/bin/setpriv", "/bin/setpriv").map(Path::of))
        .as("only Linux with setpriv can promise it")
        .anyMatch(Files::isExecutable);
    assertProgramsEndAfter(Process::destroyForcibly);
  }

  @Test
  void theProgramsEndWithAJavaProcessThatEnds() throws Exception {
    assertProgramsEndAfter(Process::destroy);
  }

  private void assertProgramsEndAfter(Consumer<Process> end) throws Exception {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = holder.inputReader()) {
      assertThat(Objects.requireNonNull(said.readLine())).startsWith("https://127.0.0.1:");
      List<ProcessHandle> programs = holder.descendants().toList();
      assertThat(programs).hasSize(2);

      end.accept(holder);

      try {
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(programs).noneMatch(ProcessHandle::isAlive));
      } finally {
        programs.forEach(ProcessHandle::destroyForcibly);
      }
    } finally {
      holder.destroyForcibly();
    }
  }
}
