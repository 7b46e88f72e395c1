package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPolicies.Resolver.class)
final class GracefulStopIT {
  @Test
  void whatWasAcceptedGetsItsVerdict(TestPolicies policies) throws Exception {
    var server = TestServer.start(AdmissionLimits.defaults().withPool(1, 16));
    server.serve("slow", policies.hostile("endless-loop"), Duration.ofSeconds(2));
    var misbehave = review(request("no-latest-tag", "accept").replace("\"web\"", "\"misbehave\""));
    var port = server.server.port();
    var accepted =
        Stream.generate(() -> server.postAsync("/validate/slow", misbehave)).limit(4).toList();
    await()
        .until(
            () ->
                server.metric("warder_running_requests") == 1
                    && server.metric("warder_queued_requests") == 3);
    assertThat(server.management("/readyz").statusCode()).isEqualTo(200);

    var closed = CompletableFuture.runAsync(server.server::close);

    await().until(() -> server.management("/readyz").statusCode() == 503);
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class));
    for (var response : accepted) {
      assertThat(verdict(response.get()).at("/status/message").textValue()).contains("time");
    }
    closed.get();
    server.client.shutdownNow();
  }

  @Test
  void closesSoonWhenNothingIsUnderWay() {
    var server = TestServer.start();
    assertThat(server.post("/validate/nobody", "{}").statusCode()).isEqualTo(422);

    server.close();

    assertThat(server.readiness.missing()).containsExactly(AdmissionServer.LISTENING);
  }
}
