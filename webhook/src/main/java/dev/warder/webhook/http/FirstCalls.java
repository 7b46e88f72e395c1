package dev.warder.webhook.http;

import dev.warder.webhook.tls.ServingCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a server that just began to listen, for a path that does not exist: the first handshake
 * takes the JVM most of a second, which no API server should wait for. Nothing depends on these
 * calls, so a server that wants certificates of its clients may well refuse them.
 */
final class FirstCalls {
  private static final Logger LOG = LoggerFactory.getLogger(FirstCalls.class);
  private static final int CALLS = 4;
  private static final Duration CALL_TIME = Duration.ofSeconds(5);
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private FirstCalls() {}

  /**
   * Makes them, one after the other, until one fails.
   *
   * @param host that the server listens on
   */
  static void make(String host, int port, Optional<ServingCertificate> certificate) {
    try {
      Optional<SSLContext> context =
          certificate.isPresent() ? Optional.of(trusting(certificate.get())) : Optional.empty();
      for (int call = 0; call < CALLS; call++) {
        call(address(host, port), context);
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.debug("the first calls of the server to itself ended: {}", e.toString());
    }
  }

  /** Who listens everywhere is called on the loopback device. */
  private static InetSocketAddress address(String host, int port) throws IOException {
    var address = InetAddress.getByName(host);
    return new InetSocketAddress(
        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
  }

  private static void call(InetSocketAddress address, Optional<SSLContext> context)
      throws IOException {
    try (var plain = new Socket()) {
      var millis = Math.toIntExact(CALL_TIME.toMillis());
      plain.setSoTimeout(millis);
      plain.connect(address, millis);
      if (context.isEmpty()) {
        exchange(plain);
        return;
      }
      var factory = context.get().getSocketFactory();
      try (var socket =
          factory.createSocket(plain, address.getHostString(), address.getPort(), true)) {
        exchange(socket);
      }
    }
  }

  private static void exchange(Socket socket) throws IOException {
    socket.getOutputStream().write(REQUEST);
    socket.getOutputStream().flush();
    socket.getInputStream().readAllBytes();
  }

  /** Trusts this certificate and no other. */
  private static SSLContext trusting(ServingCertificate certificate)
      throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("own", certificate.leaf());
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
