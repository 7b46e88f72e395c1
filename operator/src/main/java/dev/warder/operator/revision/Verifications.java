package dev.warder.operator.revision;

import dev.warder.crd.ModuleVerification;
import dev.warder.policy.verify.Signer;
import dev.warder.policy.verify.Verification;
import java.util.Optional;
import java.util.stream.Collectors;

/** What status says of a module's signatures. */
final class Verifications {
  private Verifications() {}

  static ModuleVerification status(Optional<Verification> verification, boolean lost) {
    if (lost) {
      return new ModuleVerification("Lost", null, null);
    }
    return verification
        .map(
            found ->
                new ModuleVerification(
                    "Verified",
                    found.signers().stream()
                        .map(Signer::name)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                    found.signers().stream().map(Signer::text).toList()))
        .orElseGet(() -> new ModuleVerification("NotRequired", null, null));
  }
}
