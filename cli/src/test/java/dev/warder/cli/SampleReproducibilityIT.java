package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed modules are what their sources, the pinned compilers and annotate make. */
final class SampleReproducibilityIT {
  private static final int NO_COMPILER = 3;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "required-labels",
        "pod-defaults",
        "raw-quota",
        "unique-ingress-hosts",
        "no-latest-tag",
        "team-label"
      })
  void theCommittedModuleComesFromItsSource(String sample, @TempDir Path folder) throws Exception {
    var samples = Program.checkout().resolve("samples");
    var built = folder.resolve("built.wasm");
    var annotated = folder.resolve("annotated.wasm");

    var build =
        new Program(samples.resolve("build.sh"), Program.checkout(), Map.of())
            .run(sample, built.toString());
    assumeTrue(build.exitCode() != NO_COMPILER, build.stderr());
    assertThat(build.exitCode()).as(build.stderr()).isZero();
    var exitCode =
        Warder.commandLine()
            .execute(
                "annotate",
                "--no-stamp",
                built.toString(),
                "--metadata-path",
                samples.resolve(sample).resolve("metadata.yml").toString(),
                "--output-path",
                annotated.toString());

    assertThat(exitCode).isZero();
    assertThat(annotated).hasSameBinaryContentAs(samples.resolve(sample).resolve("policy.wasm"));
  }
}
