package dev.warder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Begins a verification config. */
@Command(
    name = "verification-config",
    description = "Prints the verification config that Kubewarden begins with.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints YAML with comments for --verification-config-path, so there is no --output.",
      "It asks for a signature that a workflow of the GitHub organisation kubewarden made: name",
      "your own organisation, or keys. docs/supply-chain.md tells about each kind.",
      "",
      "Example:",
      "  warder scaffold verification-config > verification.yml"
    })
final class ScaffoldVerificationCommand implements Callable<Integer> {
  private static final String CONFIG =
      """
      apiVersion: v1
      # Every one of these must have signed.
      allOf:
        - kind: githubAction
          owner: kubewarden
      # And at least so many of these, if there are any:
      # anyOf:
      #   minimumMatches: 1
      #   signatures:
      #     - kind: pubKey
      #       owner: jane
      #       key: |
      #         -----BEGIN PUBLIC KEY-----
      #         …
      #         -----END PUBLIC KEY-----
      #     - kind: genericIssuer
      #       issuer: https://accounts.example
      #       subject: {equal: jane@team.example}
      """;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    out.print(CONFIG);
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
