package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.reference.ModuleReferences;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a module here. */
@Command(
    name = "pull",
    description = "Fetches a module, verifies it if asked to, and keeps it in the store.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Prints the immutable reference. What is in the store is not fetched again by 'warder",
      "run' and the others.",
      "",
      "Example:",
      "  warder pull registry://registry.example/policies/no-latest-tag:v0.1.0 -o policy.wasm"
    })
final class PullCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODULE",
      description = "A reference: registry://…, https://…, oci-layout:/….")
  private String module;

  @Option(
      names = {"-o", "--output-path"},
      paramLabel = "OUT",
      description = "Where the module is written besides.")
  private @Nullable Path output;

  @Mixin private VerificationOptions verification;

  @Mixin private FetchOptions fetch;

  @Mixin private ReferenceOutput printed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var requirement = verification.requirement();
    if (output != null) {
      LocalFiles.checkWritable(output);
    }
    try (var fetcher = fetch.fetcher(TransferReport.to(spec.commandLine().getErr()))) {
      var verified =
          Failures.valueOf(
              ModuleReferences.parse(module)
                  .then(fetcher::fetch)
                  .then(fetched -> fetch.verifier(fetcher).verify(fetched, requirement)));
      if (output != null) {
        LocalFiles.write(output, verified.content());
      }
      printed.print(spec.commandLine().getOut(), ReferenceOutput.document(verified.fetched()));
      return CommandLine.ExitCode.OK;
    }
  }
}
