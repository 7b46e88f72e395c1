package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Unpacks what {@link SaveCommand} packed into a registry. */
@Command(
    name = "load",
    description = "Puts a saved module, with its signatures, into a registry.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Prints the immutable reference; its digest is the one that was saved.",
      "",
      "Example:",
      "  warder load policy.tar registry://registry.inside/policies/no-latest-tag:v0.1.0"
    })
final class LoadCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ARCHIVE", description = "A file that 'warder save' wrote.")
  private Path archive;

  @Parameters(paramLabel = "REFERENCE", description = "registry://host/repository:tag.")
  private String reference;

  @Mixin private SourceOptions sources;

  @Mixin private ReferenceOutput output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Logs.quiet();
    var target = References.target(reference);
    if (!Files.isReadable(archive)) {
      throw new CommandFailedException("cannot read the file " + archive);
    }
    try (var pusher = sources.pusher(TransferReport.to(spec.commandLine().getErr()))) {
      var loaded = Failures.valueOf(pusher.load(archive, target));
      output.print(spec.commandLine().getOut(), ReferenceOutput.document(loaded));
      return CommandLine.ExitCode.OK;
    }
  }
}
