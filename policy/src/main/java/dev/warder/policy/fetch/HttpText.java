package dev.warder.policy.fetch;

import java.net.URI;

/** URLs in messages. */
final class HttpText {
  private static final int MAX_CHARS = 300;

  private HttpText() {}

  /** Without query and user, which may hold secrets such as a storage signature. */
  static String of(URI uri) {
    var host = uri.getHost() == null ? "" : uri.getHost();
    var port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    var path = uri.getRawPath() == null ? "" : uri.getRawPath();
    var text = uri.getScheme() + "://" + host + port + path;
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
  }
}
