package dev.warder.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What happened in one step.
 *
 * @param outcome passed, failed or, after a failure, skipped
 * @param seconds of wall clock
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record StepReport(
    String name,
    String title,
    String expected,
    String got,
    Outcome outcome,
    double seconds,
    List<CommandResult> commands) {
  enum Outcome {
    passed,
    failed,
    skipped
  }

  static StepReport skipped(Step step) {
    return new StepReport(
        step.name(), step.title(), step.expected(), "not tried", Outcome.skipped, 0, List.of());
  }

  static StepReport of(Step step, Finding finding, double seconds, List<CommandResult> commands) {
    var outcome = finding.expected() ? Outcome.passed : Outcome.failed;
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
