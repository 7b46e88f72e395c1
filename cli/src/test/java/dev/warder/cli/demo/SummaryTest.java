package dev.warder.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static final Step STEP =
      new Step("a", "A step", "something good", stage -> Finding.asExpected("it"));

  @Test
  void aLineTellsWhatWasExpectedAndWhatCame() {
    var report = StepReport.of(STEP, Finding.unexpected("a\n  surprise"), 1.25, List.of());

    assertThat(new Summary(List.of(report), Style.PLAIN).lines().getLast())
        .matches(" 1  failed +A step +something good +a surprise +1\\.3");
  }

  @Test
  void linesFitATerminalWhateverComesBack() {
    var report = StepReport.of(STEP, Finding.asExpected("x".repeat(500)), 12_345, List.of());

    assertThat(new Summary(List.of(report, StepReport.skipped(STEP)), Style.PLAIN).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
  }

  @Test
  void coloursAreOnlyForTerminals() {
    var report = StepReport.of(STEP, Finding.asExpected("it"), 1, List.of());

    assertThat(new Summary(List.of(report), Style.PLAIN).lines())
        .noneMatch(line -> line.contains("\u001b"));
    assertThat(new Summary(List.of(report), Style.COLOURED).lines())
        .allMatch(line -> line.endsWith("\u001b[0m"));
  }
}
