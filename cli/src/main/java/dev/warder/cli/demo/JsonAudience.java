package dev.warder.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;

/** Tells a script how it ended, in one document; only progress is told on the way. */
final class JsonAudience implements Audience {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintWriter out;
  private final PrintWriter err;

  JsonAudience(PrintWriter out, PrintWriter err) {
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
    try {
      out.println(JSON.writeValueAsString(report));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts and numbers are always JSON", e);
    }
  }

  @Override
  public void stays(String folder, String kubeconfig) {
    progress("the demo stays as it is until it is interrupted");
  }
}
