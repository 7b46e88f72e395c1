package dev.warder.cli;

import dev.warder.cli.common.Failures;
import dev.warder.cli.common.SourceFiles;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Proxies;
import dev.warder.policy.fetch.RegistryPusher;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.fetch.TransferListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where modules may come from, and with which credentials. */
final class SourceOptions {
  /** Whose credentials are meant. */
  enum Who {
    /** A person: the usual Docker configuration counts, credential helpers are run. */
    USER,
    /** A server: nothing counts but what it is given, and no program is run. */
    SERVICE
  }

  @Option(
      names = "--insecure-source",
      paramLabel = "HOST[:PORT]",
      split = ",",
      description = "A host from which modules may come by plain HTTP. Can be repeated.")
  private Set<String> insecureSources = new LinkedHashSet<>();

  @Option(
      names = "--sources-path",
      paramLabel = "FILE",
      description = {
        "A sources.yml: insecure hosts, certificate authorities of hosts, proxies, mirrors.",
        "Proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY else."
      })
  private @Nullable Path file;

  @Option(
      names = "--docker-config-json-path",
      paramLabel = "FILE",
      description = {
        "A Docker config.json, or the folder that it is in, with the credentials of registries."
      })
  private @Nullable Path dockerConfig;

  /** What pushes for a person, with the usual limits, and tells a listener how far it is. */
  RegistryPusher pusher(TransferListener listener) {
    return new RegistryPusher(FetchLimits.defaults(), sources(Who.USER), listener);
  }

  Sources sources(Who who) {
    return Failures.valueOf(files(who).read());
  }

  SourceFiles files(Who who) {
    return new SourceFiles(
        Optional.ofNullable(file),
        dockerConfig(who),
        who == Who.USER,
        insecureSources,
        Failures.valueOf(Proxies.of(System.getenv())));
  }

  private Optional<Path> dockerConfig(Who who) {
    if (dockerConfig != null) {
      return Optional.of(dockerConfig);
    }
    if (who == Who.SERVICE) {
      return Optional.empty();
    }
    var folder = System.getenv("DOCKER_CONFIG");
    var usual =
        folder == null || folder.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".docker")
            : Path.of(folder);
    return Optional.of(usual.resolve("config.json")).filter(Files::isReadable);
  }
}
