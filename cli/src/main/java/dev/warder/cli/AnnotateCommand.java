package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.metadata.Annotator;
import dev.warder.policy.metadata.PolicyMetadataReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts metadata into a module. */
@Command(
    name = "annotate",
    description = "Puts metadata into a module, in place of what it may have.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Checks the metadata as kwctl does. A module that calls its host by the name that Javy",
      "gives it gets the usual one. What the module seems to ask of its host is compared with",
      "hostCapabilities; differences are warnings, as that is a guess from its texts.",
      "",
      "Example:",
      "  warder annotate plain.wasm -m metadata.yml -u README.md -o policy.wasm"
    })
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

  @Option(
      names = "--no-stamp",
      description = {
        "Leaves the annotation "
            + Annotator.VERSION_ANNOTATION
            + " out, which names the version of",
        "Warder: then the same input gives the same bytes with any version."
      })
  private boolean unstamped;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var described = Failures.valueOf(PolicyMetadataReader.parseYaml(LocalFiles.text(metadata)));
    if (usage != null) {
      described = described.withAnnotation(USAGE, LocalFiles.text(usage));
    }
    if (!unstamped) {
      described = described.withAnnotation(Annotator.VERSION_ANNOTATION, Version.number());
    }
    var annotated = Failures.valueOf(Annotator.annotate(LocalFiles.read(module), described));
    LocalFiles.write(output, annotated.module());
    var err = spec.commandLine().getErr();
    annotated.warnings().forEach(warning -> err.println("Warning: " + warning));
    return CommandLine.ExitCode.OK;
  }
}
