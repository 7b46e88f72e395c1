package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Format;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.StepListener;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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
      "with 1."
    })
final class RunCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(
      paramLabel = "MODULE",
      description = "A file, or a reference: registry://…, https://…, file:///….")
  private String module;

  @Option(
      names = {"-r", "--request-path", "--request"},
      paramLabel = "FILE",
      required = true,
      description = "An AdmissionReview, or only its request; for a raw policy any JSON.")
  private Path request;

  @Mixin private PolicyOptions options;

  @Option(
      names = "--output",
      paramLabel = "json|text",
      defaultValue = "json",
      description = "How the answer is printed (default: ${DEFAULT-VALUE}).")
  private Format output;

  @Option(names = "--exit-code", description = "End with 1 if the policy refuses the request.")
  private boolean exitCode;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.quiet();
    var wanted = options.wanted(module);
    var document = LocalFiles.read(request);
    try (var engine = options.engine();
        var fetcher = options.fetcher()) {
      var policy =
          Failures.valueOf(options.preparer(fetcher, engine).prepare(wanted, StepListener.NONE));
      var answer =
          evaluate(policy, RequestFile.decode(document, options.isRaw(policy)), wanted.budget());
      print(answer);
      return exitCode && !answer.allowed()
          ? CommandLine.ExitCode.SOFTWARE
          : CommandLine.ExitCode.OK;
    }
  }

  private static AdmissionResponse evaluate(
      PreparedPolicy policy, ValidationRequest request, EvaluationBudget budget)
      throws InterruptedException {
    try (var guests = Executors.newSingleThreadExecutor(GuestThreads.factory("run"))) {
      return guests.submit(() -> policy.evaluate(request, budget)).get().response();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an evaluation ended with an exception", e.getCause());
    }
  }

  private void print(AdmissionResponse answer) throws JsonProcessingException {
    var out = spec.commandLine().getOut();
    switch (output) {
      case JSON -> out.println(JSON.writeValueAsString(answer.json()));
      case TEXT -> {
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
  }
}
