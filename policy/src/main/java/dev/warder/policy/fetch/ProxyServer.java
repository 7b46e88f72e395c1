package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A proxy that is spoken to by plain HTTP.
 *
 * @param authorization the value of the Proxy-Authorization header; never shown
 */
public record ProxyServer(String host, int port, Optional<String> authorization) {
  private static final int USUAL_PORT = 80;

  /**
   * Reads {@code [http://][user:password@]host[:port]}; an empty text is no proxy.
   *
   * @param what whose proxy, for messages
   */
  static Outcome<Optional<ProxyServer>> parse(String text, String what) {
    if (text.isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    try {
      var uri = new URI(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
        return Outcome.done(
            Optional.of(
                new ProxyServer(
                    uri.getHost(),
                    uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                    Optional.ofNullable(uri.getRawUserInfo()).map(ProxyServer::basic))));
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // The text may hold a password, so nothing of it is repeated.
      return unusable(what);
    }
    return unusable(what);
  }

  private static <T> Outcome<T> unusable(String what) {
    return Certificates.invalid(
        "the proxy for " + what + " is not http://[user:password@]host[:port]; correct it");
  }

  private static String basic(String userInfo) {
    // A plus sign is itself here, unlike in a form.
    var decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(decoded.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "ProxyServer[" + host + ":" + port + "]";
  }
}
