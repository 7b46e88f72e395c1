package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.evaluation.Comparison;
import dev.warder.policy.evaluation.PolicySettings;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GoBoot;
import dev.warder.policy.wasi.Preinitialiser;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.PreinitialisedModule;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a Go module anew so that it starts where it first asks its host. */
@Command(
    name = "optimize",
    description = "Pre-initialises a Go module: it then starts where it reads its input.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Nothing is written unless both modules answer alike, byte for byte, to the settings,",
      "to a made-up request and to the given ones. See docs/writing-policies/fast.md for what the",
      "new module keeps from the moment at which it was made.",
      "",
      "Example:",
      "  warder optimize policy.wasm -o fast.wasm -s settings.json -r request.json"
    })
final class OptimizeCommand implements Callable<Integer> {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int SEED_BYTES = 32;
  private static final Duration BOOT_LIMIT = Duration.ofMinutes(2);
  private static final EvaluationBudget BUDGET =
      EvaluationBudget.defaults().withTime(Duration.ofMinutes(1));

  @Parameters(paramLabel = "MODULE", description = "A file.")
  private Path module;

  @Option(
      names = {"-o", "--output-path"},
      paramLabel = "OUT",
      required = true,
      description = "Where the new module is written.")
  private Path outputPath;

  @Option(
      names = {"-s", "--settings-path"},
      paramLabel = "FILE",
      description = "Settings to compare the modules with, JSON or YAML (default: {}).")
  private @Nullable Path settings;

  @Option(
      names = {"-r", "--request-path"},
      paramLabel = "FILE",
      description = "A request to compare the modules with, as for 'warder run'. Can be repeated.")
  private List<Path> requests = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = "A table, or a document with the figures (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    LocalFiles.checkWritable(outputPath);
    var start = System.nanoTime();
    var original = LocalFiles.read(module);
    var metadata = Failures.valueOf(PolicyMetadataReader.read(original));
    var wantedSettings = Failures.valueOf(PolicySettings.of(settings()));
    var wantedRequests = requests(metadata);

    progress("running the module's start");
    var optimized = preinitialised(original);
    progress("comparing both modules");
    var compared = compare(original, optimized.module(), metadata, wantedSettings, wantedRequests);
    if (compared.difference().isPresent()) {
      throw new CommandFailedException(
          "nothing was written, as the new module is not proved to answer like the old one: "
              + compared.difference().get());
    }
    LocalFiles.write(outputPath, optimized.module());
    new OptimizeReport(
            original.length,
            optimized.module().length,
            optimized.dataSegments(),
            compared,
            Duration.ofNanos(System.nanoTime() - start))
        .print(spec.commandLine().getOut(), output);
    return CommandLine.ExitCode.OK;
  }

  private static PreinitialisedModule preinitialised(byte[] original) {
    var seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    var conditions = new GoBoot.Conditions(seed, Instant.now(), BUDGET.memoryPages());
    return switch (new Preinitialiser(conditions, BOOT_LIMIT).preinitialise(original)) {
      case Attempt.Made<PreinitialisedModule>(var made) -> made;
      case Attempt.Refused<PreinitialisedModule>(var reason) ->
          throw new CommandFailedException("cannot pre-initialise: " + reason);
    };
  }

  private static Comparison.Result compare(
      byte[] original,
      byte[] optimized,
      PolicyMetadata metadata,
      PolicySettings settings,
      List<ValidationRequest> requests) {
    try (var engine = new WasiEngine()) {
      return new Comparison(
              compiled(engine, original).reference(), compiled(engine, optimized), BUDGET)
          .compare(metadata, settings, requests);
    }
  }

  private static CompiledModule compiled(WasiEngine engine, byte[] module) {
    return Failures.valueOf(engine.compile(Digest.of(module), module));
  }

  private @Nullable JsonNode settings() throws IOException {
    if (settings == null) {
      return null;
    }
    try {
      return YAML.readTree(LocalFiles.read(settings));
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(
          "the settings cannot be parsed: " + e.getOriginalMessage(), e);
    }
  }

  private List<ValidationRequest> requests(PolicyMetadata metadata) throws IOException {
    var decoded = new ArrayList<ValidationRequest>();
    for (var file : requests) {
      decoded.add(
          RequestFile.decode(LocalFiles.read(file), metadata.policyType() == PolicyType.RAW));
    }
    return decoded;
  }

  private void progress(String step) {
    if (output == DataFormat.TABLE) {
      spec.commandLine().getErr().println(step + " …");
    }
  }
}
