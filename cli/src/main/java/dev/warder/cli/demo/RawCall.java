package dev.warder.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.CommandFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the webhook directly about documents that are not from Kubernetes. */
record RawCall(String webhook, Folder folder) {
  private static final JsonMapper JSON = new JsonMapper();

  JsonNode post(Stage stage, String policy, JsonNode document)
      throws IOException, InterruptedException, GeneralSecurityException {
    var ca = authority(stage);
    var body =
        JSON.writeValueAsString(JsonNodeFactory.instance.objectNode().set("request", document));
    var uri = URI.create(webhook + "/validate_raw/kw.cap." + policy);
    try (var client = HttpClient.newBuilder().sslContext(trusting(ca)).build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(uri)
                  .timeout(Duration.ofSeconds(30))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      stage.show(
          new CommandResult(
              "curl --cacert ca.crt --json '" + body + "' " + uri, 0, answer.body(), ""));
      return JSON.readTree(answer.body());
    }
  }

  private byte[] authority(Stage stage) throws IOException {
    var file = folder.path().resolve("ca.crt");
    var secret =
        stage.ask(
            "get",
            "secret",
            "warder-tls",
            "-n",
            Installation.SYSTEM,
            "-o",
            "jsonpath={.data.ca\\.crt}");
    if (!secret.succeeded()) {
      throw new CommandFailedException(secret.line() + " failed: " + secret.output());
    }
    var pem = Base64.getDecoder().decode(secret.stdout().strip());
    Files.write(file, pem);
    return pem;
  }

  private static SSLContext trusting(byte[] pem) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "warder",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
