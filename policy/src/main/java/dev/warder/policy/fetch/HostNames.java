package dev.warder.policy.fetch;

import java.net.URI;
import java.util.Locale;

/** Hosts as settings name them. */
final class HostNames {
  static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_API = "registry-1.docker.io";
  private static final String HTTPS_PORT = ":443";

  private HostNames() {}

  /** The host that serves the API of a registry. */
  static String api(String registry) {
    return registry.equals(DOCKER_HUB) ? DOCKER_HUB_API : registry;
  }

  /** A host and port for TLS settings: in lower case, without the port that HTTPS has anyway. */
  static String normal(String host) {
    var lower = host.toLowerCase(Locale.ROOT);
    var plain =
        lower.endsWith(HTTPS_PORT)
            ? lower.substring(0, lower.length() - HTTPS_PORT.length())
            : lower;
    return api(plain);
  }

  /** The host and port that a URL is asked from, as {@link #normal} writes them. */
  static String of(URI uri) {
    return normal(uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
  }
}
