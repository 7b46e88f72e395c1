package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies on the way to sources.
 *
 * @param http for plain HTTP
 * @param https for HTTPS, which goes through a tunnel
 * @param direct what is reached without one
 */
public record Proxies(Optional<ProxyServer> http, Optional<ProxyServer> https, NoProxy direct) {
  /** No proxies. */
  public static Proxies none() {
    return new Proxies(Optional.empty(), Optional.empty(), NoProxy.nothing());
  }

  /**
   * Reads {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}; where both cases are set,
   * upper case wins. Fails with {@code SourcesInvalid}.
   */
  public static Outcome<Proxies> of(Map<String, String> environment) {
    return of(
        variable(environment, "HTTP_PROXY"),
        variable(environment, "HTTPS_PROXY"),
        variable(environment, "NO_PROXY"));
  }

  /** Reads proxies as those variables have them; an empty text is none. */
  static Outcome<Proxies> of(String http, String https, String direct) {
    return ProxyServer.parse(http, "HTTP")
        .then(
            plain ->
                ProxyServer.parse(https, "HTTPS")
                    .then(
                        tunnel ->
                            NoProxy.parse(direct).map(rules -> new Proxies(plain, tunnel, rules))));
  }

  /** The proxy on the way to an address. */
  Optional<ProxyServer> on(URI uri) {
    var proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
    return proxy.filter(server -> !direct.matches(uri));
  }

  private static String variable(Map<String, String> environment, String name) {
    return environment
        .getOrDefault(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""))
        .strip();
  }
}
