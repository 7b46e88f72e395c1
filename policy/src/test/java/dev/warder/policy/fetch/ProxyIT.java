package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import dev.warder.policy.testing.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way through a proxy, and what it gets to know. */
final class ProxyIT {
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final String PROXY_PASSWORD = "Basic Ym9iOnMzY3IzdA==";
  private static TestTls tls;

  @TempDir Path directory;
  private LoopbackServer server;
  private LoopbackServer proxy;
  private ModuleFetcher fetcher;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    server = LoopbackServer.start(tls.server(), request -> Answer.ok("application/wasm", MODULE));
    proxy = LoopbackServer.start(ProxyIT::forward);
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), FetchLimits.defaults(), through("bob:s3cr3t@", ""));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    proxy.close();
    server.close();
  }

  @Test
  void tunnelsHttps() {
    assertFetched(server);
    assertThat(proxy.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.method()).isEqualTo("CONNECT"))
        .satisfies(request -> assertThat(request.path()).isEqualTo(server.host()))
        .satisfies(
            request ->
                assertThat(request.headers()).containsEntry("proxy-authorization", PROXY_PASSWORD));
    assertServerDoesNotKnowThePassword(server);
  }

  @Test
  void asksForPlainHttp() {
    try (var plain = LoopbackServer.start(request -> Answer.status(404))) {
      fetcher.use(through("bob:s3cr3t@", "").withInsecureHosts(Set.of(plain.host())));
      assertFetched(plain);
      assertThat(proxy.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.path()).isEqualTo(plain.url("/x")))
          .satisfies(
              request ->
                  assertThat(request.headers())
                      .containsEntry("proxy-authorization", PROXY_PASSWORD));
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void goesDirectlyWhereItIsToldTo() {
    fetcher.use(through("bob:s3cr3t@", "127.0.0.0/8"));
    assertFetched(server);
    assertThat(proxy.requests()).isEmpty();
    assertServerDoesNotKnowThePassword(server);
  }

  private static void assertServerDoesNotKnowThePassword(LoopbackServer server) {
    assertThat(server.requests())
        .singleElement()
        .extracting(Request::headers)
        .satisfies(headers -> assertThat(headers).doesNotContainKey("proxy-authorization"));
  }

  private void assertFetched(LoopbackServer from) {
    Outcome<FetchedModule> fetched = ModuleReferences.parse(from.url("/x")).then(fetcher::fetch);
    assertThat(Outcomes.value(fetched).digest()).isEqualTo(Digest.of(MODULE));
  }

  private Sources through(String user, String direct) {
    var address = "http://" + user + proxy.host();
    return Sources.none()
        .withAuthorities(Map.of(server.host(), List.of(tls.certificate())))
        .withProxies(
            Outcomes.value(
                Proxies.of(
                    Map.of("HTTP_PROXY", address, "HTTPS_PROXY", address, "NO_PROXY", direct))));
  }

  private static Answer forward(Request request) {
    if (!request.method().equals("CONNECT")) {
      return Answer.ok("application/wasm", MODULE);
    }
    var port = Integer.parseInt(request.path().substring(request.path().indexOf(':') + 1));
    return connection -> {
      try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
        connection
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        Thread.ofVirtual().start(() -> pipe(connection, target));
        pipe(target, connection);
      }
    };
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them ended the tunnel.
      return;
    }
  }
}
