package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionReviews;
import dev.warder.webhook.tls.ServingCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does once what every request needs: the JVM's first TLS handshake takes it most of a second,
 * which no API server should wait for. Nothing depends on this, so a server that wants certificates
 * of its clients may well refuse it.
 */
final class FirstCalls {
  private static final Logger LOG = LoggerFactory.getLogger(FirstCalls.class);
  private static final int HANDSHAKES = 4;
  private static final Duration CALL_TIME = Duration.ofSeconds(5);
  private static final String REVIEW =
      """
      {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"first-call",\
      "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE",\
      "resource":{"group":"","version":"v1","resource":"pods"},"userInfo":{"groups":["none"]},\
      "object":{"metadata":{"name":"first-call","labels":{"a":"b"}},"spec":{"replicas":1}}}}""";

  private FirstCalls() {}

  /** Reads a review. */
  static void decode() {
    var decoded = AdmissionReviews.decode(REVIEW.getBytes(StandardCharsets.US_ASCII));
    LOG.debug("read a first review: {}", decoded);
  }

  /**
   * Connects to the server some times, until that fails, and asks for nothing.
   *
   * @param host that the server listens on
   */
  static void connect(String host, int port, ServingCertificate certificate) {
    try {
      var sockets = trusting(certificate).getSocketFactory();
      var address = address(host, port);
      for (int i = 0; i < HANDSHAKES; i++) {
        handshake(sockets, address);
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.debug("the server's first connections to itself ended: {}", e.toString());
    }
  }

  /** Who listens everywhere is called on the loopback device. */
  private static InetSocketAddress address(String host, int port) throws IOException {
    var address = InetAddress.getByName(host);
    return new InetSocketAddress(
        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
  }

  private static void handshake(SSLSocketFactory sockets, InetSocketAddress address)
      throws IOException {
    try (var socket = (SSLSocket) sockets.createSocket()) {
      var millis = Math.toIntExact(CALL_TIME.toMillis());
      socket.setSoTimeout(millis);
      socket.connect(address, millis);
      socket.startHandshake();
    }
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
