import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.Logs;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;

/** Runs the scenario once, prints the figures and writes them to bench/results/. */
final class Bench {
  private static final int CONNECTIONS = 8;
  private static final int POLICIES = 10;
  private static final int EDITS = 5;
  private static final int GENTLE_RATE = 20;

  public static void main(String[] arguments) throws Exception {
    Logs.quiet();
    var load = Duration.ofSeconds(Long.parseLong(arguments[0]));
    var home = Path.of(System.getProperty("warder.home"));
    var figures = new Figures();
    var folder = Files.createTempDirectory("warder-bench-");
    try (var controlPlane =
            ControlPlane.start(ControlPlaneOptions.defaults(), System.err::println);
        var cluster = new BenchCluster(controlPlane, home, folder)) {
      cluster.install();
      try (var operator = OperatorProcess.start(home, folder, cluster.serviceAccount())) {
        measure(cluster, operator, load, figures);
      }
    } finally {
      delete(folder);
    }
    figures.print();
    var results = Files.createDirectories(home.resolve("bench/results"));
    var name = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "") + ".json";
    JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValue(results.resolve(name).toFile(), figures.document());
    System.out.println("Written to bench/results/" + name);
  }

  private static void measure(
      BenchCluster cluster, OperatorProcess operator, Duration load, Figures figures)
      throws Exception {
    say("the operator is ready");
    figures.add("start of the operator to /readyz", operator.startSeconds(), "s");
    figures.add("resident memory, no policy", operator.residentMebibytes(), "MiB");

    figures.add("apply to Ready, first policy", cluster.applyAndAwait(1), "s");
    figures.add(
        "resident memory, 1 policy, before any request", operator.residentMebibytes(), "MiB");

    var webhook = cluster.webhook(operator.port());
    say(
        "load: "
            + CONNECTIONS
            + " connections, "
            + load.toSeconds()
            + " s, after as long a warm-up");
    new Load(webhook, CONNECTIONS).run(load);
    var cpuBefore = operator.cpuSeconds();
    var busy = new Load(webhook, CONNECTIONS).run(load);
    var cpu = operator.cpuSeconds() - cpuBefore;
    figures.add("evaluations per second, Go sample, TLS, 8 connections", busy.perSecond(), "1/s");
    figures.add("  p50", busy.percentile(50), "ms");
    figures.add("  p99", busy.percentile(99), "ms");
    figures.add("  CPU of the operator per evaluation", 1000 * cpu / busy.count(), "ms");
    say("load: " + GENTLE_RATE + " requests a second");
    var gentle = new Load(webhook, 2).runAt(GENTLE_RATE, load);
    figures.add("at 20 requests per second: p50", gentle.percentile(50), "ms");
    figures.add("  p99", gentle.percentile(99), "ms");
    figures.add("resident memory, 1 policy, after the load", operator.residentMebibytes(), "MiB");

    say("edits");
    var edits = new ArrayList<Double>();
    for (int i = 0; i < EDITS; i++) {
      edits.add(cluster.editAndAwaitServed(webhook, i));
    }
    edits.sort(null);
    figures.add("edit to served, median of 5", edits.get(EDITS / 2), "s");
    figures.add("edit to served, slowest of 5", edits.getLast(), "s");

    for (int i = 2; i < POLICIES; i++) {
      say("policy " + i + " is Ready after " + cluster.applyAndAwait(i) + " s");
    }
    figures.add("apply to Ready, tenth policy, tenth module", cluster.applyAndAwait(POLICIES), "s");
    figures.add("resident memory, 10 policies of 10 modules", operator.residentMebibytes(), "MiB");
    figures.add(
        "apply to Ready, eleventh policy, known module", cluster.applyAndAwaitKnownModule(), "s");
  }

  private static void say(String line) {
    System.err.println(line);
  }

  private static void delete(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
