package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

/** {@code warder bench} through its launcher script: what it says, not how fast anything is. */
final class BenchE2E {
  private static final String TAGS = "samples/no-latest-tag/";

  private final Program warder = Program.warder();

  @Test
  void measuresAPolicyWithTheRequestsGiven() throws Exception {
    var result =
        warder.run(
            "bench",
            TAGS + "policy.wasm",
            "--settings-path",
            TAGS + "settings/good.json",
            "--request-path",
            TAGS + "requests/accept.json",
            "--request-path",
            TAGS + "requests/reject.json",
            "--warm-up=1s",
            "--duration=500ms",
            "--threads=2",
            "--output=json");

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(result.stderr())
        .contains(TAGS + "policy.wasm: compiling", "warming up", "2 threads");
    var figures = new JsonMapper().readTree(result.stdout());
    assertThat(figures.path("processors").intValue()).isPositive();
    assertThat(figures.path("policies")).hasSize(1);
    var policy = figures.path("policies").path(0);
    assertThat(policy.path("digest").textValue()).startsWith("sha256:");
    assertThat(policy.path("execution").path("mode").textValue()).isIn("direct", "preinitialised");
    assertThat(policy.path("execution").path("reason").textValue()).isNotEmpty();
    for (var positive :
        new String[] {
          "/sizeBytes",
          "/preparation/wall",
          "/preparation/cpu",
          "/first/wall",
          "/warmUp/evaluations",
          "/perThread/cpu/p50",
          "/perThread/wall/p99",
          "/perThread/processCpu",
          "/perThread/allocatedBytes",
          "/throughput/perSecond",
          "/memory/heapBytes"
        }) {
      assertThat(policy.at(positive).doubleValue()).as(positive).isPositive();
    }
    assertThat(policy.at("/throughput/threads").intValue()).isEqualTo(2);
    assertThat(policy.at("/answers/0").booleanValue()).isTrue();
    assertThat(policy.at("/answers/1").booleanValue()).isFalse();
  }

  @Test
  void measuresTheRehearsalWhenNoRequestIsGivenAndPrintsATable() throws Exception {
    var result = warder.run("bench", TAGS + "policy.wasm", "--warm-up=500ms", "--duration=200ms");

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(result.stdout())
        .contains("CPU per evaluation, ms", "evaluations per second", "resident memory, MiB")
        .contains(TAGS + "policy.wasm runs ");
  }

  @Test
  void aPolicyThatCannotBePreparedEndsItWithItsReason() throws Exception {
    var result = warder.run("bench", TAGS + "policy.wasm", "--settings-json", "{\"allow\":7}");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr()).contains("Provided settings are not valid");
  }
}
