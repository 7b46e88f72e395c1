package dev.warder.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.LocalHost;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.StepListener;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.host.HostSession;
import dev.warder.policy.host.HostSessions;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges one request without a cluster. */
@Command(
    name = "run",
    description = "Judges one request without a cluster and prints the AdmissionResponse.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The policy may always mutate here. Exit code 0 means that it has answered, be the",
      "answer yes or no; see --exit-code. Bad settings and modules that cannot be used end",
      "with 1.",
      "",
      "Examples:",
      "  warder run policy.wasm -r request.json --settings-json '{\"label\":\"team\"}'",
      "  warder run policy.wasm -r request.json --context staging --record-host-calls calls.yaml",
      "  warder run policy.wasm -r request.json --replay-host-calls calls.yaml",
      "  warder run policies.yaml -r request.json --output table"
    })
final class RunCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODULE",
      description = {
        "A file, or a reference: registry://…, https://…, file:///…; or a *.yaml with manifests,",
        "whose policies all judge the request."
      })
  private String module;

  @Option(
      names = {"-r", "--request-path", "--request"},
      paramLabel = "FILE",
      required = true,
      description = "An AdmissionReview, or only its request; for a raw policy any JSON.")
  private Path request;

  @Mixin private PolicyOptions options;

  @Mixin private HostOptions host;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "json",
      converter = DataFormat.Converter.class,
      description =
          "The answer in a line, in lines for people, or as YAML (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Option(names = "--exit-code", description = "End with 1 if the policy refuses the request.")
  private boolean exitCode;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.quiet();
    options.check();
    var manifests = PolicyDocuments.isOne(module);
    if (manifests) {
      options.requireUnset(spec.commandLine());
    }
    var plans =
        manifests
            ? PolicyDocuments.read(Path.of(module))
            : List.of(new RunPlan(module, module, null, Optional.empty()));
    var document = LocalFiles.read(request);
    var session = host.session();
    var refused = false;
    try (var engine = options.engine();
        var fetcher = options.fetcher();
        var local =
            LocalHost.forTrials(
                host.cluster().map(ClusterOptions::client),
                options.sources(),
                options.trustRoot())) {
      var preparer = options.preparer(fetcher, engine, local.services());
      for (var plan : plans) {
        var wanted = wanted(plan, fetcher);
        var policy = Failures.valueOf(preparer.prepare(wanted, StepListener.NONE));
        var asked = RequestFile.decode(document, options.isRaw(policy));
        var answer = evaluate(policy, asked, wanted.budget(), local.sessions(), session);
        refused |= !answer.allowed();
        print(plan, answer, plans.size() > 1);
      }
    }
    if (session.isPresent()) {
      host.end(session.get()).ifPresent(spec.commandLine().getErr()::println);
    }
    return exitCode && refused ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private PreparationRequest wanted(RunPlan plan, ModuleFetcher fetcher) throws IOException {
    var wanted = options.wanted(plan.module(), plan.settings());
    Supplier<Set<ContextAwareResource>> declared =
        () ->
            Failures.valueOf(
                    ModuleMetadata.read(fetcher, options.verifier(fetcher), wanted.module()))
                .contextAwareResources();
    return wanted.granted(plan.name(), host.grants(() -> plan.reads().orElseGet(declared)));
  }

  private static AdmissionResponse evaluate(
      PreparedPolicy policy,
      ValidationRequest request,
      EvaluationBudget budget,
      HostSessions sessions,
      Optional<HostSession> session)
      throws InterruptedException {
    Supplier<AdmissionResponse> work = () -> policy.evaluate(request, budget).response();
    Callable<AdmissionResponse> task =
        () -> session.map(one -> sessions.within(one, work)).orElseGet(work);
    try (var guests = Executors.newSingleThreadExecutor(GuestThreads.factory("run"))) {
      return guests.submit(task).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an evaluation ended with an exception", e.getCause());
    }
  }

  /** One of several is told with its name. */
  private void print(RunPlan plan, AdmissionResponse answer, boolean named) {
    var out = spec.commandLine().getOut();
    if (named) {
      var document = JsonNodeFactory.instance.objectNode().put("policy", plan.name());
      document.set("response", answer.json());
      output.printOne(
          out,
          document,
          () -> {
            out.println(plan.name() + ":");
            print(out, answer);
          });
    } else {
      output.printOne(out, answer.json(), () -> print(out, answer));
    }
  }

  private static void print(PrintWriter out, AdmissionResponse answer) {
    out.println(answer.allowed() ? "allowed" : "refused");
    answer
        .status()
        .ifPresent(
            status -> {
              status.code().ifPresent(code -> out.println("code: " + code));
              status.message().ifPresent(message -> out.println("message: " + message));
            });
    answer.warnings().ifPresent(all -> all.forEach(one -> out.println("warning: " + one)));
    answer.patch().ifPresent(patch -> out.println("patch: " + patch));
  }
}
