package dev.warder.policy.fetch;

import java.util.Optional;

/** Finds what to log in to a registry with. Must be safe for use by several threads. */
@FunctionalInterface
public interface Credentials {
  /**
   * The credential for one repository, if there is one.
   *
   * @param host {@code host} or {@code host:port}; {@code docker.io} for Docker Hub
   */
  Optional<Credential> find(String host, String repository);

  /** Nothing for anybody. */
  static Credentials none() {
    return (host, repository) -> Optional.empty();
  }
}
