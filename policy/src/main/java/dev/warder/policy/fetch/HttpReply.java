package dev.warder.policy.fetch;

import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What came back.
 *
 * @param uri who answered, after redirects
 * @param delivered whether the body is in the sink, whole
 * @param size of the body that is in the sink; 0 if none is
 */
record HttpReply(URI uri, int status, HttpHeaders headers, boolean delivered, long size) {
  boolean ok() {
    return delivered;
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
