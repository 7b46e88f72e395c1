package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that keep a connection without saying what they want. */
final class SlowClientIT {
  private static final String HEAD =
      "POST /validate/x HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";

  private final TestServer server =
      TestServer.start(
          AdmissionLimits.defaults()
              .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void refusesABodyThatDoesNotArrive() throws IOException {
    try (var http = new RawHttp(server.connect())) {
      var answer = http.send(HEAD + "Content-Length: 100\r\n\r\n{\"request\":").readToEnd();

      assertThat(answer).startsWith("HTTP/1.1 408").contains("\"status\":408");
    }
    await().until(() -> server.metric("warder_held_body_bytes") == 0);
  }

  @Test
  void forgetsABodyWhoseClientWentAway() throws IOException {
    try (var http = new RawHttp(server.connect())) {
      http.send(HEAD + "Content-Length: 100\r\n\r\n{\"request\":");
      await().until(() -> server.metric("warder_held_body_bytes") > 0);
    }

    await().until(() -> server.metric("warder_held_body_bytes") == 0);
  }

  @Test
  void cutsOffARefusedBodyThatDoesNotEnd() throws IOException {
    try (var http = new RawHttp(server.connect())) {
      var answer = http.send(HEAD + "Content-Length: 99999999\r\n\r\nxxxx").readToEnd();

      assertThat(answer).startsWith("HTTP/1.1 413").contains("\"status\":413");
    }
  }

  @Test
  void closesAConnectionThatStaysSilent() throws IOException {
    try (var http = new RawHttp(server.connect())) {
      assertThat(http.send("POST /validate/x HT").readToEnd()).isEmpty();
    }
  }
}
