package dev.warder.policy.fetch;

import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What came back.
 *
 * @param uri who answered, after redirects
 * @param size of the body that went into the sink; 0 unless the status is 200
 */
record HttpReply(URI uri, int status, HttpHeaders headers, long size) {
  boolean ok() {
    return status == 200;
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }
}
