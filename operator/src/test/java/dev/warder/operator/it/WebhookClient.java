package dev.warder.operator.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Calls the webhook as the API server does, trusting the authority in Warder's Secret. */
final class WebhookClient {
  private final HttpClient http;
  private final URI base;

  WebhookClient(Cluster cluster, int port) throws Exception {
    this(cluster, "127.0.0.1", port);
  }

  WebhookClient(Cluster cluster, String host, int port) throws Exception {
    var secret =
        cluster.admin().secrets().inNamespace(Cluster.NAMESPACE).withName("warder-tls").get();
    var pem = Base64.getDecoder().decode(secret.getData().get("ca.crt"));
    http = HttpClient.newBuilder().sslContext(trusting(pem)).build();
    base = URI.create("https://" + host + ":" + port);
  }

  JsonNode post(String path, String json) throws Exception {
    var response = send(path, json);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return new ObjectMapper().readTree(response.body());
  }

  /** The HTTP status of an answer. */
  int status(String path, String json) throws Exception {
    return send(path, json).statusCode();
  }

  private HttpResponse<String> send(String path, String json) throws Exception {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** The certificate that the webhook shows, which must be one that the authority signed. */
  X509Certificate certificate() throws Exception {
    var response = http.send(HttpRequest.newBuilder(base).build(), BodyHandlers.discarding());
    return (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  private static SSLContext trusting(byte[] pem) throws Exception {
    var certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("warder", certificate);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
