package dev.warder.policy.fetch;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where plain HTTP is allowed: a host, with its port when that is not the scheme's default. */
record InsecureHosts(Set<String> hosts) {
  InsecureHosts {
    hosts =
        hosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a URL's host and port are listed; the default port of its scheme may be left out. */
  boolean lists(URI uri) {
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    var port = uri.getPort();
    var usual = port == -1 || port == (isHttps(uri) ? 443 : 80);
    return hosts.contains(usual ? host : host + ":" + port);
  }

  /** Whether a request to this URL may be sent: always over HTTPS, else only if it is listed. */
  boolean allow(URI uri) {
    return uri.getHost() != null
        && (isHttps(uri) || ("http".equalsIgnoreCase(uri.getScheme()) && lists(uri)));
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }
}
