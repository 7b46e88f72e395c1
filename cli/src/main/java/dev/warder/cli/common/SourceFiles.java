package dev.warder.cli.common;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Credentials;
import dev.warder.policy.fetch.DockerConfig;
import dev.warder.policy.fetch.Proxies;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.fetch.SourcesFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What says where modules may come from.
 *
 * @param sources a sources.yml
 * @param dockerConfig a config.json, or the folder that it is in
 * @param helpers whether credential helpers that the config.json names are run
 * @param insecureHosts besides those of the sources.yml
 * @param environment the proxies unless the sources.yml has some
 */
public record SourceFiles(
    Optional<Path> sources,
    Optional<Path> dockerConfig,
    boolean helpers,
    Set<String> insecureHosts,
    Proxies environment) {

  public SourceFiles {
    insecureHosts = Set.copyOf(insecureHosts);
  }

  /** Reads everything. */
  public Outcome<Sources> read() {
    return readSources()
        .then(found -> readCredentials().map(found::withCredentials))
        .map(
            found -> {
              var insecure = new HashSet<>(found.insecureHosts());
              insecure.addAll(insecureHosts);
              return found.withInsecureHosts(insecure);
            });
  }

  /** All files that count, also those that the sources.yml names, as far as it can be read. */
  public List<Path> files() {
    var files = new ArrayList<Path>();
    sources.ifPresent(
        file -> {
          files.add(file);
          if (GivenFile.read(file, Reason.SourcesInvalid)
              instanceof Outcome.Done<byte[]>(var content)) {
            files.addAll(SourcesFile.files(content, folder(file)));
          }
        });
    dockerConfig.ifPresent(given -> files.add(dockerFile(given)));
    return List.copyOf(files);
  }

  private Outcome<Sources> readSources() {
    return sources
        .map(
            file ->
                GivenFile.read(file, Reason.SourcesInvalid)
                    .then(content -> SourcesFile.parse(content, folder(file), environment)))
        .orElseGet(() -> Outcome.done(Sources.none().withProxies(environment)));
  }

  private Outcome<Credentials> readCredentials() {
    return dockerConfig
        .map(
            given ->
                GivenFile.read(dockerFile(given), Reason.CredentialsInvalid)
                    .then(
                        content ->
                            (helpers
                                    ? DockerConfig.parseWithHelpers(content)
                                    : DockerConfig.parse(content))
                                .<Credentials>map(config -> config)))
        .orElseGet(() -> Outcome.done(Credentials.none()));
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling(".");
  }

  private static Path dockerFile(Path given) {
    return Files.isDirectory(given) ? given.resolve("config.json") : given;
  }
}
