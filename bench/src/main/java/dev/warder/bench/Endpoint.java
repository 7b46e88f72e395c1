package dev.warder.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** Where a server listens on this machine, and whom to trust there. */
record Endpoint(int port, SSLContext trust) {
  static final String HOST = "127.0.0.1";

  /** A whole HTTP request, made once. */
  byte[] post(String path, byte[] review) {
    var request = new ByteArrayOutputStream();
    request.writeBytes(
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, HOST, port, review.length)
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(review);
    return request.toByteArray();
  }
}
