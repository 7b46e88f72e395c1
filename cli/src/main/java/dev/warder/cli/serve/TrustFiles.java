package dev.warder.cli.serve;

import dev.warder.cli.common.SourceFiles;
import dev.warder.cli.common.VerificationFiles;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationLoss;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files that say which modules are accepted.
 *
 * @param sources where they may come from
 * @param verification whose signatures they need
 * @param onLoss what becomes of a policy whose module no longer passes
 */
public record TrustFiles(
    SourceFiles sources, VerificationFiles verification, VerificationLoss onLoss) {
  /** What they say. */
  record Said(Sources sources, Optional<SignaturePolicy> required) {
    /** Whether any module is judged by that trust root. */
    boolean goesBy(TrustRoot root) {
      return required.filter(policy -> policy.goesBy(root)).isPresent();
    }
  }

  Outcome<Said> read(Supplier<TrustRoot> publicRoot) {
    return sources
        .read()
        .then(from -> verification.read(publicRoot).map(required -> new Said(from, required)));
  }

  /** All of them, also those that others name. */
  List<Path> files() {
    return Stream.concat(sources.files().stream(), verification.files().stream()).toList();
  }
}
