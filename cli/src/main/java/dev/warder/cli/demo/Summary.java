package dev.warder.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The closing table: one line a step. */
record Summary(List<StepReport> steps, Style style) {
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(style.bold(row("", "", "STEP", "EXPECTED", "GOT", "SECONDS")));
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      var seconds = String.format(Locale.ROOT, "%.1f", step.seconds());
      var outcome = step.outcome() == StepReport.Outcome.PASSED ? "ok" : step.outcome().toString();
      lines.add(
          style.outcome(
              step.outcome(),
              row("" + (i + 1), outcome, step.title(), step.expected(), step.got(), seconds)));
    }
    return lines;
  }

  private static String row(
      String number, String outcome, String title, String expected, String got, String seconds) {
    return "%2s  %-7s  %-34s  %-26s  %-30s  %7s"
        .formatted(number, outcome, cut(title, 34), cut(expected, 26), cut(got, 30), seconds)
        .stripTrailing();
  }

  static String cut(String text, int width) {
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }
}
