package dev.warder.cli;

import dev.warder.policy.tuf.TrustRootSource;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a server keeps Sigstore's public trust root up to date. */
final class TrustRootOptions {
  @Option(
      names = "--trust-root-url",
      paramLabel = "URL",
      defaultValue = "https://tuf-repo-cdn.sigstore.dev",
      description = {
        "Where Sigstore's public trust root is refreshed from, daily and in the background, while",
        "signatures are judged by it; a mirror will do (default: ${DEFAULT-VALUE})."
      })
  private URI repository;

  @Option(
      names = "--no-trust-root-refresh",
      description = "Go by the trust root of this release; nothing is asked for a later one.")
  private boolean off;

  Optional<TrustRootSource> source() {
    if (off) {
      return Optional.empty();
    }
    if (repository.getHost() == null) {
      throw new IllegalArgumentException(
          "--trust-root-url must be an address like https://mirror.example/tuf: " + repository);
    }
    return Optional.of(TrustRootSource.publicGood(repository));
  }
}
