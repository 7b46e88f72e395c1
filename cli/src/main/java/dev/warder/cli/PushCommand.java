package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a module. */
@Command(
    name = "push",
    description = "Puts an annotated module into a registry and prints its immutable reference.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The annotations of the module's metadata become those of the manifest, those of more",
      "than one line aside. Log in with 'docker login' or give --docker-config-json-path.",
      "Sign what is printed: cosign sign --key cosign.key HOST/REPOSITORY@sha256:…",
      "",
      "Example:",
      "  warder push policy.wasm registry://registry.example/policies/no-latest-tag:v0.1.0"
    })
final class PushCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODULE", description = "A file.")
  private Path module;

  @Parameters(paramLabel = "REFERENCE", description = "registry://host/repository:tag.")
  private String reference;

  @Mixin private SourceOptions sources;

  @Mixin private ReferenceOutput output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var target = References.target(reference);
    var content = LocalFiles.read(module);
    var metadata = Failures.valueOf(PolicyMetadataReader.read(content));
    try (var pusher = sources.pusher(TransferReport.to(spec.commandLine().getErr()))) {
      var pushed = Failures.valueOf(pusher.push(target, content, metadata.annotations()));
      output.print(
          spec.commandLine().getOut(),
          ReferenceOutput.document(pushed, Digest.of(content), content.length));
      return CommandLine.ExitCode.OK;
    }
  }
}
