package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.cli.cases.CaseFileException;
import dev.warder.cli.cases.CaseFiles;
import dev.warder.cli.cases.CaseReport;
import dev.warder.cli.cases.CaseRunner;
import dev.warder.cli.cases.Fingerprint;
import dev.warder.cli.cases.TestCase;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.LocalHost;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.StepListener;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.host.CapabilityList;
import dev.warder.policy.host.Grants;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.EvaluationBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

/** Lets a policy decide cases, and compares. */
@Command(
    name = "test",
    description = "Runs the cases of a policy without a cluster and tells which it decides wrong.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Each *.yaml of the folder is a case or a list of cases:",
      "  - name: refuses a pod on the host's network",
      "    request: ../requests/reject.json   # a path, or the request itself",
      "    settings: {allowedNamespaces: [infra]}",
      "    expect: {allowed: false, code: 403, message: {contains: network}}",
      "Exit code 1 means that a case failed, 2 that a file is not written as it should be.",
      "",
      "Examples:",
      "  warder test tests",
      "  warder test tests --filter network --watch",
      "  warder test tests --module build/policy.wasm --junit report.xml --output json"
    })
final class TestCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(300);

  @Parameters(
      paramLabel = "DIR",
      defaultValue = "tests",
      description = "A folder with cases, or one file (default: ${DEFAULT-VALUE}).")
  private Path place;

  @Option(
      names = {"-m", "--module"},
      paramLabel = "MODULE",
      description = {
        "A file, or a reference, for cases that name none",
        "(default: policy.wasm beside the folder)."
      })
  private @Nullable String module;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Runs only cases with this in their names.")
  private @Nullable String filter;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = "A table, or a document with all results (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also writes a report as JUnit does, for build servers.")
  private @Nullable Path junit;

  @Option(names = "--watch", description = "Runs them again whenever a file changes, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = Quantities.DurationConverter.class,
      description = "How long one evaluation may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Mixin private BudgetOptions budget;

  @Mixin private FetchOptions fetch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.quiet();
    var allowed = budget();
    try (var engine = fetch.engine();
        var fetcher = fetch.fetcher();
        var host =
            LocalHost.forTrials(
                Optional.empty(), fetch.sources(SourceOptions.Who.USER), TrustRoot::publicGood)) {
      var preparer = new PolicyPreparer(fetcher, engine, fetch.signatures(), host.services());
      var runner =
          new CaseRunner(
              (wanted, settings) -> prepare(preparer, fetcher, wanted, settings, allowed),
              TestCommand::request,
              new ReplayedCases(host.sessions()),
              allowed);
      var before = look();
      var code = once(runner);
      while (watch) {
        before = awaitChange(before);
        code = once(runner);
      }
      return code;
    }
  }

  private int once(CaseRunner runner) throws IOException, InterruptedException {
    try {
      var cases = cases();
      var threads = Math.min(cases.size(), Runtime.getRuntime().availableProcessors());
      var report = new CaseReport(runner.run(cases, defaultModule(), threads));
      print(report);
      return report.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (CaseFileException e) {
      spec.commandLine().getErr().println("Error: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private List<TestCase> cases() throws CaseFileException {
    var all = CaseFiles.read(place);
    if (filter == null) {
      return all;
    }
    var wanted = filter.toLowerCase(Locale.ROOT);
    var some =
        all.stream().filter(one -> one.name().toLowerCase(Locale.ROOT).contains(wanted)).toList();
    if (some.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--filter " + filter + " fits none of " + all.size() + " cases");
    }
    return some;
  }

  private String defaultModule() {
    return module == null ? CaseFiles.usualModule(place).toString() : module;
  }

  /** A case may ask for what the module says that it reads; only a record answers. */
  private dev.warder.policy.Outcome<PreparedPolicy> prepare(
      PolicyPreparer preparer,
      ModuleFetcher fetcher,
      String module,
      JsonNode settings,
      EvaluationBudget budget) {
    var reference = Modules.reference(module);
    return ModuleMetadata.read(fetcher, fetch.verifier(fetcher), reference)
        .then(
            metadata ->
                preparer.prepare(
                    new PreparationRequest(
                            reference, settings, budget, Optional.empty(), Requirement.NONE)
                        .granted(
                            module,
                            new Grants(CapabilityList.ALL, metadata.contextAwareResources())),
                    StepListener.NONE));
  }

  private static ValidationRequest request(PreparedPolicy policy, JsonNode document) {
    return RequestFile.decode(
        document.toString().getBytes(StandardCharsets.UTF_8),
        policy.metadata().policyType() == PolicyType.RAW);
  }

  private void print(CaseReport report) throws IOException {
    var out = spec.commandLine().getOut();
    if (watch) {
      output.printOne(out, report.json(), () -> report.print(out));
    } else {
      output.print(out, report.json(), () -> report.print(out));
    }
    if (junit != null) {
      LocalFiles.write(junit, report.junit().getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Looks now and then, which also notices what builds do: replace files and folders. A build is
   * over when two looks see the same.
   */
  private Fingerprint awaitChange(Fingerprint before) throws InterruptedException {
    spec.commandLine().getErr().println("waiting for a file to change …");
    var previous = before;
    var seen = look();
    while (seen.equals(before) || !seen.equals(previous)) {
      Thread.sleep(LOOK);
      previous = seen;
      seen = look();
    }
    return seen;
  }

  private Fingerprint look() {
    var files = new ArrayList<Path>();
    var name = defaultModule();
    if (!name.contains("://")) {
      files.add(Path.of(name));
    }
    try {
      CaseFiles.read(place).forEach(one -> files.addAll(one.files()));
    } catch (CaseFileException e) {
      // It may be in the middle of being written; the folder is looked at in any case.
    }
    return Fingerprint.of(place, files);
  }

  private EvaluationBudget budget() {
    return budget.budget(timeout, spec.commandLine());
  }
}
