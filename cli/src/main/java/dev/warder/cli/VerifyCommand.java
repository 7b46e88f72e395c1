package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.Verification;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a module has the signatures that are asked for, and whose they are. */
@Command(
    name = "verify",
    description = "Tells whether a module is signed as asked for, and by whom.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Verifies by the same rules as the operator. Exit code 1 means that the signatures do",
      "not do, or cannot be had; the message says which.",
      "",
      "Example:",
      "  warder verify registry://registry.example/policies/no-latest-tag:v0.1.0 \\",
      "    --verification-key cosign.pub"
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODULE", description = "A reference: registry://…, oci-layout:/….")
  private String module;

  @Mixin private VerificationOptions verification;

  @Mixin private FetchOptions fetch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = {
        "Who signed it, or a document, which also tells why not",
        "(default: ${DEFAULT-VALUE})."
      })
  private DataFormat output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Logs.quiet();
    var policy =
        verification
            .policy()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "name the signatures that are needed: --verification-config-path or"
                            + " --verification-key"));
    try (var fetcher = fetch.fetcher()) {
      var fetched = Failures.valueOf(ModuleReferences.parse(module).then(fetcher::fetch));
      var outcome = fetch.verifier(fetcher).signers(fetched, Requirement.of(Optional.of(policy)));
      output.print(
          spec.commandLine().getOut(),
          document(fetched, outcome),
          () -> print(fetched, Failures.valueOf(outcome).orElseThrow()));
      return outcome instanceof Outcome.Done
          ? CommandLine.ExitCode.OK
          : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void print(FetchedModule fetched, Verification verification) {
    var out = spec.commandLine().getOut();
    out.println("verified: " + fetched.immutableReference());
    verification.signers().forEach(signer -> out.println("  " + signer.text()));
  }

  private static JsonNode document(FetchedModule fetched, Outcome<Optional<Verification>> outcome) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("module", fetched.immutableReference());
    json.put("digest", fetched.digest().toString());
    switch (outcome) {
      case Outcome.Done<Optional<Verification>>(var found) -> {
        json.put("verified", true);
        var signers = json.putArray("signers");
        found.stream()
            .flatMap(verification -> verification.signers().stream())
            .forEach(
                signer -> {
                  var one = signers.addObject();
                  one.put("rule", signer.rule());
                  one.put("identity", signer.identity());
                  signer.owner().ifPresent(owner -> one.put("owner", owner));
                  signer.issuer().ifPresent(issuer -> one.put("issuer", issuer));
                  signer.signedAt().ifPresent(time -> one.put("signedAt", time.toString()));
                  one.put("format", signer.format());
                });
      }
      case Outcome.Failed<Optional<Verification>>(var failure) -> {
        json.put("verified", false);
        json.put("reason", failure.reason().name());
        json.put("message", failure.message());
      }
    }
    return json;
  }
}
