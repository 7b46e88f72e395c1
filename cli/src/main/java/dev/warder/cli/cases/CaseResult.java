package dev.warder.cli.cases;

import java.time.Duration;
import java.util.List;

/**
 * What became of a case.
 *
 * @param problems what was not as expected, one line each
 * @param took the evaluation, without the preparation of its policy
 */
public record CaseResult(TestCase tested, Outcome outcome, List<String> problems, Duration took) {
  /** How it ended. */
  public enum Outcome {
    PASSED,
    FAILED,
    /** It could not be tried. */
    BROKEN
  }

  public CaseResult {
    problems = List.copyOf(problems);
  }

  boolean passed() {
    return outcome == Outcome.PASSED;
  }
}
