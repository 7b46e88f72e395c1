package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Format;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
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
  private static final YAMLMapper YAML = new YAMLMapper();

  /** At most one of the two. */
  static final class SettingsSource {
    @Option(names = "--settings-json", paramLabel = "JSON", description = "The policy's settings.")
    private @Nullable String json;

    @Option(
        names = {"-s", "--settings-path"},
        paramLabel = "FILE",
        description = "A file with the policy's settings, JSON or YAML.")
    private @Nullable Path path;
  }

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

  @ArgGroup private @Nullable SettingsSource settings;

  @Option(
      names = "--raw",
      description = "The request is not from Kubernetes. Default: what the module's metadata says.")
  private boolean raw;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = Quantities.DurationConverter.class,
      description = "How long one evaluation may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Option(
      names = "--output",
      paramLabel = "json|text",
      defaultValue = "json",
      description = "How the answer is printed (default: ${DEFAULT-VALUE}).")
  private Format output;

  @Option(names = "--exit-code", description = "End with 1 if the policy refuses the request.")
  private boolean exitCode;

  @Mixin private BudgetOptions budgetOptions;

  @Mixin private FetchOptions fetch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.quiet();
    var budget = budget();
    var document = read(request);
    var wanted =
        new PreparationRequest(Modules.reference(module), settings(), budget, Optional.empty());
    try (var engine = new WasiEngine();
        var fetcher = fetch.fetcher()) {
      var policy =
          Failures.valueOf(new PolicyPreparer(fetcher, engine).prepare(wanted, step -> {}));
      var isRaw = raw || policy.metadata().policyType() == PolicyType.RAW;
      var answer = evaluate(policy, RequestFile.decode(document, isRaw), budget);
      print(answer);
      return exitCode && !answer.allowed()
          ? CommandLine.ExitCode.SOFTWARE
          : CommandLine.ExitCode.OK;
    }
  }

  private EvaluationBudget budget() {
    try {
      return budgetOptions.budget(timeout);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable JsonNode settings() throws IOException {
    if (settings == null) {
      return null;
    }
    try {
      return settings.path == null
          ? JSON.readTree(settings.json)
          : YAML.readTree(read(settings.path));
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(
          "the settings cannot be parsed: " + e.getOriginalMessage() + " " + place(e), e);
    }
  }

  private static String place(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null ? "" : "(line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailedException("cannot read the file " + file);
    }
    return Files.readAllBytes(file);
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
