package dev.warder.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * What happened in one step.
 *
 * @param outcome passed, failed or, after a failure, skipped
 * @param seconds of wall clock
 */
record StepReport(
    String name,
    String title,
    String expected,
    String got,
    Outcome outcome,
    double seconds,
    List<CommandResult> commands) {
  enum Outcome {
    @JsonProperty("passed")
    PASSED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("skipped")
    SKIPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static StepReport skipped(Step step) {
    return new StepReport(
        step.name(), step.title(), step.expected(), "not tried", Outcome.SKIPPED, 0, List.of());
  }

  static StepReport of(Step step, Finding finding, double seconds, List<CommandResult> commands) {
    var outcome = finding.expected() ? Outcome.PASSED : Outcome.FAILED;
    return new StepReport(
        step.name(),
        step.title(),
        step.expected(),
        finding.got(),
        outcome,
        seconds,
        List.copyOf(commands));
  }
}
