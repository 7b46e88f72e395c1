package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that prepare a policy without a cluster. */
final class PolicyOptions {
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

  @Mixin private BudgetOptions budget;

  @Mixin private FetchOptions fetch;

  @Mixin private VerificationOptions verification;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** What to prepare for a module as people name it. */
  PreparationRequest wanted(String module) throws IOException {
    return wanted(module, null);
  }

  /**
   * The same.
   *
   * @param own settings that count instead of those of the options
   */
  PreparationRequest wanted(String module, @Nullable JsonNode own) throws IOException {
    // Before any file is looked at: what is wrong with the command line comes first.
    var allowed = budget();
    return new PreparationRequest(
        Modules.reference(module),
        own == null ? settings() : own,
        allowed,
        Optional.empty(),
        verification.requirement());
  }

  /** Refuses budgets that are out of range, before any file is looked at. */
  void check() {
    budget();
  }

  private EvaluationBudget budget() {
    return budget.budget(timeout, command.commandLine());
  }

  ModuleFetcher fetcher() {
    return fetch.fetcher();
  }

  /** What prepares with a fetcher and an engine of these options. */
  PolicyPreparer preparer(ModuleFetcher fetcher, WasiEngine engine) {
    return new PolicyPreparer(fetcher, engine, fetch.signatures());
  }

  /** The same, for policies that may ask the host. */
  PolicyPreparer preparer(ModuleFetcher fetcher, WasiEngine engine, HostServices host) {
    return new PolicyPreparer(fetcher, engine, fetch.signatures(), host);
  }

  ModuleVerifier verifier(ModuleFetcher fetcher) {
    return fetch.verifier(fetcher);
  }

  Sources sources() {
    return fetch.sources(SourceOptions.Who.USER);
  }

  /** What keyless signatures are judged by, those of images too. */
  Supplier<TrustRoot> trustRoot() {
    return verification.trustRoot();
  }

  /** Refuses options that a manifest has an answer to. */
  void requireUnset(CommandLine line) {
    if (settings != null || raw) {
      throw new ParameterException(
          line, "manifests have settings of their own: leave out --settings-json, -s and --raw");
    }
  }

  WasiEngine engine() {
    return fetch.engine();
  }

  /** Whether requests for a policy are any JSON. */
  boolean isRaw(PreparedPolicy policy) {
    return raw || policy.metadata().policyType() == PolicyType.RAW;
  }

  private @Nullable JsonNode settings() throws IOException {
    if (settings == null) {
      return null;
    }
    try {
      return settings.path == null
          ? JSON.readTree(settings.json)
          : YAML.readTree(LocalFiles.read(settings.path));
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(
          "the settings cannot be parsed: " + e.getOriginalMessage() + " " + place(e), e);
    }
  }

  private static String place(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null ? "" : "(line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
