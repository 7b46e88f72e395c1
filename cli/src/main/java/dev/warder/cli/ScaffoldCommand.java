package dev.warder.cli;

import picocli.CommandLine.Command;

/** Beginnings. */
@Command(
    name = "scaffold",
    description = "Writes beginnings: of policies, manifests, requests and verification configs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  warder scaffold policy --language go no-host-network",
      "  warder scaffold manifest policy.wasm --settings-path settings.json > policy.yaml",
      "  warder scaffold admission-request --operation CREATE --object pod.yaml > request.json",
      "  warder scaffold verification-config > verification.yml"
    },
    subcommands = {
      ScaffoldPolicyCommand.class,
      ScaffoldManifestCommand.class,
      ScaffoldRequestCommand.class,
      ScaffoldVerificationCommand.class
    })
final class ScaffoldCommand {}
