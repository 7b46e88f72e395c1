package dev.warder.cli.common;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What says whose signatures modules need.
 *
 * @param config a verification config of Kubewarden; without one no signature is needed
 * @param trustConfig a ClientTrustConfig or trusted_root.json of Sigstore
 */
public record VerificationFiles(Optional<Path> config, Optional<Path> trustConfig) {
  /**
   * Reads both.
   *
   * @param publicRoot for keyless signatures if no file has another trust root
   */
  public Outcome<Optional<SignaturePolicy>> read(Supplier<TrustRoot> publicRoot) {
    return config
        .map(
            file ->
                GivenFile.read(file, Reason.VerificationConfigInvalid)
                    .map(content -> new String(content, StandardCharsets.UTF_8))
                    .then(VerificationConfig::parse)
                    .then(
                        parsed ->
                            trustRoot(parsed, publicRoot)
                                .map(root -> Optional.of(new SignaturePolicy(parsed, root)))))
        .orElseGet(() -> Outcome.done(Optional.empty()));
  }

  public List<Path> files() {
    return Stream.of(config, trustConfig).flatMap(Optional::stream).toList();
  }

  /** Without need and wish there is none: a key may have told a log that nobody here knows. */
  private Outcome<Optional<TrustRoot>> trustRoot(
      VerificationConfig parsed, Supplier<TrustRoot> publicRoot) {
    return trustConfig
        .map(
            file ->
                GivenFile.read(file, Reason.TrustRootInvalid)
                    .then(TrustRoot::parse)
                    .map(Optional::of))
        .orElseGet(
            () ->
                Outcome.done(
                    parsed.needsTrustRoot() ? Optional.of(publicRoot.get()) : Optional.empty()));
  }
}
