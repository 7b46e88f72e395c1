package dev.warder.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells the story to a person. */
final class TextAudience implements Audience {
  private static final String INDENT = "    ";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Style style;

  TextAudience(PrintWriter out, PrintWriter err, Style style) {
    this.out = out;
    this.err = err;
    this.style = style;
  }

  @Override
  public void progress(String line) {
    err.println(style.faint("- " + line));
  }

  @Override
  public void stepBegins(int number, Step step) {
    out.println();
    out.println(style.bold(number + ". " + step.title()));
    out.flush();
  }

  @Override
  public void commandEnds(CommandResult result) {
    out.println(INDENT + style.command("$ " + result.line()));
    print(result.stdout());
    print(result.stderr());
  }

  @Override
  public void shows(String text) {
    print(text);
  }

  private void print(String text) {
    var lines = text.stripTrailing().lines().toList();
    var inDiff = lines.size() > 2 && lines.getFirst().startsWith("--- ");
    lines.forEach(line -> out.println(INDENT + (inDiff ? style.diff(line) : line)));
    out.flush();
  }

  @Override
  public void stepEnds(StepReport report) {
    var verdict =
        report.outcome() == StepReport.Outcome.PASSED
            ? "as expected"
            : "NOT as expected: instead of '%s' it is '%s'"
                .formatted(report.expected(), report.got().strip());
    var line = String.format(Locale.ROOT, "=> %s, after %.1f s", verdict, report.seconds());
    out.println(INDENT + style.outcome(report.outcome(), line));
    out.flush();
  }

  @Override
  public void demoEnds(DemoReport report) {
    out.println();
    new Summary(report.steps(), style).lines().forEach(out::println);
    out.println();
    var passed = report.outcome() == StepReport.Outcome.PASSED;
    var count = report.steps().size();
    var good =
        report.steps().stream().filter(s -> s.outcome() == StepReport.Outcome.PASSED).count();
    out.println(
        style.outcome(
            report.outcome(),
            passed
                ? "All %d steps went as expected, in %.0f s on %s."
                    .formatted(count, report.seconds(), report.cluster())
                : "%d of %d steps went as expected.".formatted(good, count)));
    out.flush();
  }

  @Override
  public void stays(String folder, String kubeconfig) {
    out.println();
    out.println(style.bold("The demo stays as it is until you press Ctrl-C. In another terminal:"));
    out.println(INDENT + "cd " + folder);
    out.println(INDENT + "export KUBECONFIG=" + kubeconfig);
    out.println(INDENT + "kubectl get clusteradmissionpolicies -o wide");
    out.println(INDENT + "kubectl apply -f latest-image.yaml");
    out.println(INDENT + "kubectl edit clusteradmissionpolicy no-latest-tag");
    out.flush();
  }
}
