package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The demo from its first to its last line.
 *
 * @param home the checkout, with config/ and samples/
 * @param context the cluster to use; empty for a local one
 * @param webhookHost where that cluster reaches this machine; empty to find out
 * @param keep whether everything stays until somebody presses Ctrl-C
 */
record Demo(Path home, String context, String webhookHost, boolean keep, Audience audience) {
  private static final int LOG_LINES = 20;

  /** Plays all steps, and cleans up whatever happens. */
  DemoReport play() throws IOException, InterruptedException {
    var begin = Instant.now();
    try (var cleanUp = new CleanUp(audience)) {
      var folder = Folder.create();
      cleanUp.later(folder::delete);
      var log = folder.path().resolve("operator.log");
      Logs.toFile(log);
      var cluster = cleanUp.later(cluster(folder));
      var shell = new Shell(cluster.kubectl(), cluster.kubeconfig().toString(), folder.path());
      var installation = cleanUp.later(new Installation(cluster, shell, home, audience));
      installation.apply();
      var operator = cleanUp.later(installation.startOperator(folder));
      cleanUp.later(installation::removePolicies);

      var webhook = operator.webhook();
      var story = new Story(Samples.of(home), new RawCall(webhook, folder));
      story.writeManifests(folder);
      var steps = play(story.steps(), shell, webhook, cleanUp);
      var report =
          new DemoReport(
              outcome(steps),
              cluster.description(),
              cluster.kubeconfig().toString(),
              webhook,
              seconds(begin),
              steps);
      if (cleanUp.hasBegun()) {
        return report;
      }
      audience.demoEnds(report);
      if (report.outcome() == StepReport.Outcome.FAILED) {
        tail(log);
      }
      if (keep) {
        audience.stays(folder.path().toString(), cluster.kubeconfig().toString());
        Thread.currentThread().join();
      }
      return report;
    }
  }

  private Cluster cluster(Folder folder) throws IOException {
    return context.isEmpty()
        ? LocalCluster.start(audience)
        : NamedCluster.find(context, webhookHost, folder, audience);
  }

  private List<StepReport> play(List<Step> steps, Shell shell, String webhook, CleanUp cleanUp) {
    var reports = new ArrayList<StepReport>();
    var failed = false;
    for (var step : steps) {
      var report =
          failed ? StepReport.skipped(step) : play(step, reports.size() + 1, shell, webhook);
      if (cleanUp.hasBegun()) {
        break;
      }
      if (!failed) {
        audience.stepEnds(report);
      }
      failed |= report.outcome() == StepReport.Outcome.FAILED;
      reports.add(report);
    }
    return reports;
  }

  private StepReport play(Step step, int number, Shell shell, String webhook) {
    audience.stepBegins(number, step);
    var begin = Instant.now();
    var stage = new Stage(shell, webhook, audience);
    Finding finding;
    try {
      finding = step.act().perform(stage);
    } catch (CommandFailedException e) {
      finding = Finding.unexpected(String.valueOf(e.getMessage()));
    } catch (Exception e) {
      finding = Finding.unexpected(e.toString());
    }
    return StepReport.of(step, finding, seconds(begin), stage.commands());
  }

  private static StepReport.Outcome outcome(List<StepReport> steps) {
    return steps.stream().allMatch(step -> step.outcome() == StepReport.Outcome.PASSED)
        ? StepReport.Outcome.PASSED
        : StepReport.Outcome.FAILED;
  }

  /** Shows the end of the operator's log, which is gone with the demo. */
  private void tail(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    audience.progress("the last lines of the operator's log:");
    lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).forEach(audience::progress);
  }

  private static double seconds(Instant begin) {
    return Duration.between(begin, Instant.now()).toMillis() / 1000.0;
  }
}
