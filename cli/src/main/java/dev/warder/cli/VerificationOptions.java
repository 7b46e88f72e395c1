package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose signatures a module needs. */
final class VerificationOptions {
  @Option(
      names = {"--verification-config-path", "--verification-path"},
      paramLabel = "FILE",
      description = {
        "Whose signatures a module needs, in the form of Kubewarden's verification config.",
        "Without it none is needed."
      })
  private @Nullable Path config;

  @Option(
      names = "--sigstore-trust-config",
      paramLabel = "FILE",
      description = {
        "Sigstore's ClientTrustConfig or trusted_root.json for keyless signatures",
        "(default: Sigstore's public instance)."
      })
  private @Nullable Path trustConfig;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  Requirement requirement() {
    return Requirement.of(policy());
  }

  /** Empty if no option asks for signatures. */
  Optional<SignaturePolicy> policy() {
    if (config == null) {
      if (trustConfig != null) {
        throw new ParameterException(
            command.commandLine(),
            "--sigstore-trust-config alone verifies nothing: it needs --verification-config-path");
      }
      return Optional.empty();
    }
    var parsed = Failures.valueOf(VerificationConfig.parse(LocalFiles.text(config)));
    return Optional.of(new SignaturePolicy(parsed, trustRoot(parsed)));
  }

  /** Without need and wish there is none: a key may have told a log that nobody here knows. */
  private Optional<TrustRoot> trustRoot(VerificationConfig parsed) {
    if (trustConfig == null) {
      return parsed.needsTrustRoot() ? Optional.of(TrustRoot.publicGood()) : Optional.empty();
    }
    return Optional.of(Failures.valueOf(TrustRoot.parse(LocalFiles.read(trustConfig))));
  }
}
