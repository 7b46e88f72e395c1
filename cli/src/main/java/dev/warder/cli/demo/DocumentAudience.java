package dev.warder.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.DataFormat;
import java.io.PrintWriter;

/** Tells a script how it ended, in one document; only progress is told on the way. */
final class DocumentAudience implements Audience {
  private static final JsonMapper JSON = new JsonMapper();

  private final DataFormat format;
  private final PrintWriter out;
  private final PrintWriter err;

  DocumentAudience(DataFormat format, PrintWriter out, PrintWriter err) {
    this.format = format;
    this.out = out;
    this.err = err;
  }

  @Override
  public void progress(String line) {
    err.println("- " + line);
  }

  @Override
  public void stepBegins(int number, Step step) {
    progress("step " + number + ": " + step.title());
  }

  @Override
  public void commandEnds(CommandResult result) {}

  @Override
  public void shows(String text) {}

  @Override
  public void stepEnds(StepReport report) {
    if (report.outcome() == StepReport.Outcome.FAILED) {
      progress("not as expected: " + report.got());
    }
  }

  @Override
  public void demoEnds(DemoReport report) {
    // Nobody sees a table: there is another audience for people.
    format.print(out, JSON.valueToTree(report), () -> {});
  }

  @Override
  public void stays(String folder, String kubeconfig) {
    progress("the demo stays as it is until it is interrupted");
  }
}
