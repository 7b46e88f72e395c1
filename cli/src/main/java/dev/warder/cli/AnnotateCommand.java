package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts metadata into a module. */
@Command(
    name = "annotate",
    description = "Puts metadata into a module, in place of what it may have.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AnnotateCommand implements Callable<Integer> {
  private static final String USAGE = "io.kubewarden.policy.usage";

  @Parameters(paramLabel = "MODULE", description = "A file.")
  private Path module;

  @Option(
      names = {"-m", "--metadata-path"},
      paramLabel = "FILE",
      required = true,
      description = "The metadata, YAML, as kwctl takes it.")
  private Path metadata;

  @Option(
      names = {"-u", "--usage-path"},
      paramLabel = "FILE",
      description = "A text for people, kept as the annotation " + USAGE + ".")
  private @Nullable Path usage;

  @Option(
      names = {"-o", "--output-path"},
      paramLabel = "OUT",
      required = true,
      description = "Where the annotated module is written; may be the module itself.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var described = Failures.valueOf(PolicyMetadataReader.parseYaml(LocalFiles.text(metadata)));
    if (usage != null) {
      described = withUsage(described, LocalFiles.text(usage));
    }
    var annotated = Failures.valueOf(MetadataWriter.annotate(LocalFiles.read(module), described));
    LocalFiles.write(output, annotated);
    return CommandLine.ExitCode.OK;
  }

  private static PolicyMetadata withUsage(PolicyMetadata metadata, String usage) {
    var annotations = new TreeMap<>(metadata.annotations());
    annotations.put(USAGE, usage);
    return new PolicyMetadata(
        metadata.protocolVersion(),
        metadata.rules(),
        annotations,
        metadata.mutating(),
        metadata.backgroundAudit(),
        metadata.executionMode(),
        metadata.policyType(),
        metadata.contextAwareResources(),
        metadata.hostCapabilities(),
        metadata.minimumKubewardenVersion());
  }
}
