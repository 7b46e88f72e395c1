package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.cli.common.YamlText;
import dev.warder.cli.scaffold.PolicyManifest;
import dev.warder.policy.metadata.PolicyMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins the manifest of a policy. */
@Command(
    name = "manifest",
    description = "Prints a ClusterAdmissionPolicy from what a module says about itself.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Prints YAML for kubectl, so there is no --output.",
      "",
      "Example:",
      "  warder scaffold manifest registry://registry.example/policies/no-host-network:v0.1.0 \\",
      "    --settings-path settings.json > policy.yaml"
    })
final class ScaffoldManifestCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODULE",
      description = "A file, or a reference: registry://…, https://…, file:///….")
  private String module;

  @Option(
      names = {"-s", "--settings-path"},
      paramLabel = "FILE",
      description = "The policy's settings, JSON or YAML (default: {}).")
  private @Nullable Path settings;

  @Option(
      names = {"-t", "--title"},
      paramLabel = "NAME",
      description = "The policy's name (default: the module's title).")
  private @Nullable String title;

  @Option(
      names = "--allow-context-aware",
      description = "Lets the policy read what the module says it reads from the cluster.")
  private boolean reads;

  @Mixin private FetchOptions fetch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var reference = Modules.reference(module);
    var metadata = metadata(reference);
    var manifest =
        PolicyManifest.of(
            reference,
            metadata,
            Optional.ofNullable(title),
            settings == null ? Optional.empty() : Optional.of(YamlFiles.read(settings)),
            reads);
    if (!reads && !metadata.contextAwareResources().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "Warning: the policy wants to read from the cluster and may not: look at"
                  + " contextAwareResources of 'warder inspect', then use --allow-context-aware");
    }
    var out = spec.commandLine().getOut();
    out.print(YamlText.of(manifest));
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private PolicyMetadata metadata(String reference) {
    try (var fetcher = fetch.fetcher()) {
      return Failures.valueOf(ModuleMetadata.read(fetcher, fetch.verifier(fetcher), reference));
    }
  }
}
