package dev.warder.controlplane;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The few requests that the launcher itself sends to the API server, as its administrator. */
final class ApiClient implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long BODY_LIMIT = 1024 * 1024;

  private final HttpClient client;
  private final URI server;
  private final String token;

  /** What the API server said. */
  record Answer(int status, String body) {

    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /**
   * A client that trusts nothing but one certificate authority.
   *
   * @throws GeneralSecurityException if the certificate cannot be used
   */
  ApiClient(URI server, X509Certificate authority, String token)
      throws GeneralSecurityException, IOException {
    this.server = server;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .sslContext(trusting(authority))
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
  }

  private static SSLContext trusting(X509Certificate authority)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  Answer get(String path, Duration limit) throws IOException, InterruptedException {
    return send(request(path).timeout(limit).GET());
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(LIMIT)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), BODY_LIMIT));
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
