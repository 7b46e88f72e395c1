package dev.warder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.bench.BenchPlan;
import dev.warder.cli.bench.Figures;
import dev.warder.cli.bench.FiguresTable;
import dev.warder.cli.bench.PolicyFigures;
import dev.warder.cli.bench.PolicyMeter;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.ValidationRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures policies without a cluster. */
@Command(
    name = "bench",
    description = "Measures how fast policies judge requests on this machine, without a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Each policy is prepared, warmed up until its times no longer fall, and measured on",
      "one thread, then on all. CPU time is the figure to compare on a machine that does",
      "other work too. The settings and requests are for all modules. A policy that cannot",
      "be prepared or that fails at a request ends it with 1.",
      "",
      "Example:",
      "  warder bench policy.wasm --settings-path settings.json --request-path request.json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(
      paramLabel = "MODULE",
      arity = "1..*",
      description = "Files, or references: registry://…, https://…, file:///….")
  private List<String> modules = new ArrayList<>();

  @Option(
      names = {"-r", "--request-path"},
      paramLabel = "FILE",
      description = {
        "An AdmissionReview, or only its request; for a raw policy any JSON. Can be repeated:",
        "requests take turns. Default: the made-up request that policies are tried with."
      })
  private List<Path> requests = new ArrayList<>();

  @Mixin private PolicyOptions options;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Quantities.DurationConverter.class,
      description = "The longest warm-up of a policy (default: ${DEFAULT-VALUE}).")
  private Duration warmUp;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Quantities.DurationConverter.class,
      description = "How long to measure on one thread, and on all (default: ${DEFAULT-VALUE}).")
  private Duration duration;

  @Option(
      names = "--threads",
      paramLabel = "NUMBER",
      description = "Evaluations at the same time (default: as many as there are CPUs).")
  private @Nullable Integer threads;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = "A table, or a document with all figures (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.quiet();
    var plan = new BenchPlan(warmUp, duration, threads());
    var documents = new ArrayList<byte[]>();
    for (var file : requests) {
      documents.add(LocalFiles.read(file));
    }
    var loadBefore = Figures.load();
    var figures = new ArrayList<PolicyFigures>();
    var err = spec.commandLine().getErr();
    try (var engine = options.engine();
        var fetcher = options.fetcher()) {
      var meter = new PolicyMeter(options.preparer(fetcher, engine), plan, err::println);
      for (var module : modules) {
        figures.add(
            meter.measure(
                module, options.wanted(module), policy -> requestsFor(policy, documents)));
      }
    }
    print(Figures.of(Version.number(), loadBefore, plan, figures));
    return CommandLine.ExitCode.OK;
  }

  private int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1) {
      throw new ParameterException(spec.commandLine(), "--threads must be at least 1: " + threads);
    }
    return threads;
  }

  private List<ValidationRequest> requestsFor(PreparedPolicy policy, List<byte[]> documents) {
    if (documents.isEmpty()) {
      return List.of(policy.rehearsalRequest());
    }
    var raw = options.isRaw(policy);
    return documents.stream().map(document -> RequestFile.decode(document, raw)).toList();
  }

  private void print(Figures figures) {
    var out = spec.commandLine().getOut();
    output.print(out, JSON.valueToTree(figures), () -> FiguresTable.print(out, figures.policies()));
  }
}
