package dev.warder.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.DataFormat;
import dev.warder.policy.metadata.PolicyMetadataReader;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "version",
    description = "Prints the version.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class)
final class VersionCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = "Lines, or a document (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var document =
        JsonNodeFactory.instance
            .objectNode()
            .put("version", Version.number())
            .put("kubewarden", PolicyMetadataReader.KUBEWARDEN_COMPATIBILITY)
            .put("java", Runtime.version().toString());
    output.print(out, document, () -> List.of(new Version().getVersion()).forEach(out::println));
    return CommandLine.ExitCode.OK;
  }
}
