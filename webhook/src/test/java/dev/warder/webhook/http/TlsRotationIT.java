package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.webhook.tls.TlsMaterial;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates change under way, and no request notices. */
@ExtendWith(TestPolicies.Resolver.class)
final class TlsRotationIT {
  private final TestServer server = TestServer.start();

  @BeforeEach
  void serve(TestPolicies policies) {
    server.serve("good", policies.sample("no-latest-tag"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void noRequestFailsWhileCertificatesChange() throws Exception {
    try (var clients = Executors.newFixedThreadPool(2)) {
      var over = new AtomicBoolean();
      var kept = clients.submit(() -> ask(over, true));
      var fresh = clients.submit(() -> ask(over, false));
      var serial = serial();
      for (var algorithm : new String[] {"RSA", "EC", "RSA", "EC", "EC"}) {
        assertThat(server.rotate(server.authority.issue(algorithm)))
            .isInstanceOf(Outcome.Done.class);
        assertThat(serial()).isNotEqualTo(serial);
        serial = serial();
      }
      over.set(true);

      assertThat(kept.get()).isPositive();
      assertThat(fresh.get()).isPositive();
    }
  }

  @Test
  void keepsTheFormerCertificateWhenTheNewOneCannotBeUsed() throws IOException {
    var serial = serial();
    var mixed =
        new TlsMaterial(
            server.authority.issue("EC").certificateChainPem(),
            server.authority.issue("EC").privateKeyPem());

    assertThat(server.rotate(mixed)).isInstanceOf(Outcome.Failed.class);
    assertThat(server.rotate(new TlsMaterial("", ""))).isInstanceOf(Outcome.Failed.class);

    assertThat(serial()).isEqualTo(serial);
    assertThat(verdict(server.post("/validate/good", good())).path("allowed").booleanValue())
        .isTrue();
  }

  @Test
  void speaksNoOldTls() throws IOException {
    try (var socket = server.connect()) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  private int ask(AtomicBoolean over, boolean keepConnection) {
    var asked = 0;
    for (; !over.get(); asked++) {
      var client = keepConnection ? server.client : server.newClient();
      var request = server.to("/validate/good").POST(BodyPublishers.ofString(good())).build();
      var response = TestServer.send(client, request);
      assertThat(verdict(response).path("allowed").booleanValue()).isTrue();
      if (!keepConnection) {
        client.close();
      }
    }
    return asked;
  }

  private String serial() throws IOException {
    try (var socket = server.connect()) {
      var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSerialNumber().toString(16);
    }
  }

  private static String good() {
    return review(request("no-latest-tag", "accept"));
  }
}
