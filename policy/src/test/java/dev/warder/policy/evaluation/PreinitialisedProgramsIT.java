package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.Run;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.policy.wasi.golang.Attempt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Go programs that do at their start what policies may do: all answer alike, or are refused. The
 * system property {@code warder.go.toolchain} builds them with another release of Go, which is
 * downloaded: {@code -Dwarder.go.toolchain=go1.24.11}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PreinitialisedProgramsIT {
  private static final Path SOURCE = Path.of("src", "test", "resources", "preinit", "program.go");
  private static final String METADATA = "{rules: [], mutating: false, executionMode: wasi}";
  private static final int BUILD_MINUTES = 5;
  private static final String TOOLCHAIN = System.getProperty("warder.go.toolchain", "local");
  private static final Set<String> GO_VARIABLES =
      Set.of("GOROOT", "GOCACHE", "GOPROXY", "GOMODCACHE", "GOSUMDB", "GONOSUMDB");

  private final WasiEngine engine = new WasiEngine();

  @AfterAll
  void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 0, [policy.wasm validate] 0 0 0 {}",
    "goroutines, 0, [policy.wasm validate] 210 0 0 {}",
    "ticker, 0, [policy.wasm validate] 1 0 0 {}",
    "heap, 0, [policy.wasm validate] 0 15360 0 {}",
    "sleep, 0, [policy.wasm validate] 0 0 0 {}",
    "pieces, 0, [policy.wasm validate] 0 0 0 {}",
    "elsewhere, 0, [policy.wasm validate] 0 0 0 {}",
    "host-in-init, 0, [policy.wasm validate] 0 0 1 {}host capability",
    "host-in-main, 0, [policy.wasm validate] 0 0 1 {}host capability",
    "settings-unread, 0, [policy.wasm validate] 0 0 0 {}",
    "panic, 2, ''",
    "nil, 2, ''",
    "exit, 3, ''"
  })
  void bothAnswerAlike(String mode, int code, String stdout, @TempDir Path folder)
      throws Exception {
    var both = Preinitialised.of(engine, built(mode, folder));
    Preinitialised.onGuestThread(
        () -> {
          both.compare(Command.VALIDATE_SETTINGS, "{\"a\": 1}");
          both.compare(Command.VALIDATE, "ü".repeat(100_000));
          assertThat(both.compare(Command.VALIDATE, "{}"))
              .isInstanceOfSatisfying(
                  Run.Exited.class,
                  run -> {
                    assertThat(run.code()).isEqualTo(code);
                    assertThat(new String(run.stdout(), StandardCharsets.UTF_8)).startsWith(stdout);
                  });
        });
  }

  @ParameterizedTest
  @CsvSource({
    "log, writes to standard error before it reads its input",
    "long-sleep, sleeps for a second or more before it reads its input",
    "exit-in-init, calls proc_exit before it reads its input"
  })
  void whatCannotBeDoneOnceForAllIsRefused(String mode, String reason, @TempDir Path folder)
      throws Exception {
    assertThat(Preinitialised.attempt(built(mode, folder)))
        .isEqualTo(Attempt.refused("the module " + reason));
  }

  private static byte[] built(String mode, Path folder) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("go.mod"), "module example.test/program\n\ngo 1.22\n");
    Files.copy(SOURCE, folder.resolve("main.go"));
    var module = folder.resolve("program.wasm");
    var builder =
        new ProcessBuilder(
                "go",
                "build",
                "-trimpath",
                "-ldflags",
                "-s -w -X main.mode=" + mode,
                "-o",
                module.toString(),
                ".")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("GO") && !GO_VARIABLES.contains(name));
    builder.environment().put("GOOS", "wasip1");
    builder.environment().put("GOARCH", "wasm");
    builder.environment().put("GOTOOLCHAIN", TOOLCHAIN);
    var log = folder.resolve("build.log");
    builder.redirectOutput(log.toFile());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      var reason = "the Go programs are not tried: there is no go on the PATH";
      System.out.println(reason);
      assumeTrue(false, reason);
      throw e;
    }
    assertThat(process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)).as("go build ends").isTrue();
    assertThat(process.exitValue()).as(() -> text(log)).isZero();
    return annotated(Files.readAllBytes(module));
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static byte[] annotated(byte[] module) {
    var outcome =
        PolicyMetadataReader.parseYaml(METADATA)
            .then((PolicyMetadata metadata) -> MetadataWriter.annotate(module, metadata));
    return switch (outcome) {
      case Outcome.Done<byte[]>(var bytes) -> bytes;
      case Outcome.Failed<byte[]>(var failure) -> throw new AssertionError(failure);
    };
  }
}
