package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.VerificationFiles;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
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
    return Failures.valueOf(files().read(TrustRoot::publicGood));
  }

  /** What keyless signatures are judged by. */
  Supplier<TrustRoot> trustRoot() {
    return SignaturePolicy.trustRootOr(policy(), TrustRoot::publicGood);
  }

  VerificationFiles files() {
    if (config == null && trustConfig != null) {
      throw new ParameterException(
          command.commandLine(),
          "--sigstore-trust-config alone verifies nothing: it needs --verification-config-path");
    }
    return new VerificationFiles(Optional.ofNullable(config), Optional.ofNullable(trustConfig));
  }
}
