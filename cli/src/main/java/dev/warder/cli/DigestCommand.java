package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.reference.ModuleReferences;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Resolves what may move. */
@Command(
    name = "digest",
    description = "Prints a module's reference with its tag resolved to a digest.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "What it prints is good for spec.module: it never changes its meaning.",
      "",
      "Example:",
      "  warder digest registry://registry.example/policies/no-latest-tag:v0.1.0"
    })
final class DigestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODULE", description = "A reference: registry://…, oci-layout:/….")
  private String module;

  @Mixin private FetchOptions fetch;

  @Mixin private ReferenceOutput output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Logs.quiet();
    try (var fetcher = fetch.fetcher()) {
      var fetched = Failures.valueOf(ModuleReferences.parse(module).then(fetcher::fetch));
      output.print(spec.commandLine().getOut(), ReferenceOutput.document(fetched));
      return CommandLine.ExitCode.OK;
    }
  }
}
