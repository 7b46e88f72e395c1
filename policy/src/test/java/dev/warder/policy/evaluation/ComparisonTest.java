package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.wasi.Run;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final Run.Exited ANSWER = exited(0, "yes", "log");

  @Test
  void equalEndsAreAlike() {
    assertThat(Comparison.difference(ANSWER, exited(0, "yes", "log"))).isEmpty();
  }

  @Test
  void everyDifferenceIsNamed() {
    assertThat(Comparison.difference(ANSWER, exited(1, "yes", "log")))
        .hasValue("its exit code is 1 instead of 0");
    assertThat(Comparison.difference(ANSWER, exited(0, "no", "log")))
        .hasValue("its standard output is another");
    assertThat(Comparison.difference(ANSWER, exited(0, "yes", "")))
        .hasValue("its standard error is another");
    assertThat(Comparison.difference(ANSWER, new Run.Trapped("unreachable", new byte[0])))
        .hasValue("it crashes (unreachable), unlike the module itself");
    assertThat(Comparison.difference(ANSWER, new Run.NotStarted("no")))
        .hasValue("it does not start (no), unlike the module itself");
  }

  @Test
  void aModuleThatFailsItselfProvesNothing() {
    var trap = new Run.Trapped("unreachable", new byte[0]);
    assertThat(Comparison.difference(trap, trap))
        .hasValue("the module itself crashes (unreachable)");
  }

  private static Run.Exited exited(int code, String stdout, String stderr) {
    return new Run.Exited(
        code, stdout.getBytes(StandardCharsets.UTF_8), stderr.getBytes(StandardCharsets.UTF_8));
  }
}
