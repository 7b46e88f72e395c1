package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.fetch.OciLayoutWriter;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Packs a module for where there is no network. */
@Command(
    name = "save",
    description = "Writes a module of a registry, with its signatures, to a tar archive.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The archive is an OCI image layout: unpacked, oci-layout:/absolute/folder names it;",
      "'warder load' puts it into another registry, where the same signatures hold.",
      "",
      "Example:",
      "  warder save registry://registry.example/policies/no-latest-tag:v0.1.0 -o policy.tar"
    })
final class SaveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODULE", description = "A reference: registry://…, oci-layout:/….")
  private String module;

  @Option(
      names = {"-o", "--output-path"},
      paramLabel = "OUT",
      required = true,
      description = "Where the archive is written.")
  private Path output;

  @Mixin private FetchOptions fetch;

  @Mixin private ReferenceOutput printed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Logs.quiet();
    LocalFiles.checkWritable(output);
    try (var fetcher = fetch.fetcher(TransferReport.to(spec.commandLine().getErr()))) {
      var fetched = Failures.valueOf(ModuleReferences.parse(module).then(fetcher::fetch));
      var manifest =
          fetched.manifest().orElseThrow(() -> new CommandFailedException(notOfARegistry()));
      var from =
          fetcher
              .repository(fetched.reference())
              .orElseThrow(() -> new CommandFailedException(notOfARegistry()));
      Failures.valueOf(
          new OciLayoutWriter(from, FetchLimits.defaults())
              .writeTar(manifest, tag(fetched), output.toAbsolutePath()));
      printed.print(spec.commandLine().getOut(), ReferenceOutput.document(fetched));
      return CommandLine.ExitCode.OK;
    }
  }

  private String notOfARegistry() {
    return module + " has no manifest: only modules of registries and OCI layouts can be saved";
  }

  private static String tag(FetchedModule fetched) {
    return switch (fetched.reference()) {
      case ModuleReference.Registry registry -> registry.tag().orElse("");
      case ModuleReference.Layout layout -> layout.tag().orElse("");
      case ModuleReference.File _, ModuleReference.Http _ -> "";
    };
  }
}
