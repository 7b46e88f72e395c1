package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downloads from web servers. */
final class HttpFetchIT {
  private static final byte[] MODULE = "\0asm".repeat(50_000).getBytes(StandardCharsets.UTF_8);
  private static final long MAX_MODULE = 300_000;
  private static TestTls tls;

  @TempDir Path directory;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private volatile Answer answer = Answer.ok("application/wasm", MODULE);
  private LoopbackServer server;
  private ModuleFetcher fetcher;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    server =
        LoopbackServer.start(tls.server(), request -> answers.getOrDefault(request.path(), answer));
    fetcher = fetcher(Duration.ofSeconds(20), Duration.ofSeconds(40), Set.of());
  }

  @AfterEach
  void stop() {
    fetcher.close();
    server.close();
  }

  @Test
  void downloadsOverHttps() throws IOException {
    var module = Outcomes.value(fetch(server.url("/policy.wasm?v=1")));
    assertThat(module.immutableReference()).isEqualTo(server.url("/policy.wasm?v=1"));
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(Files.readAllBytes(module.file())).isEqualTo(MODULE);
  }

  @Test
  void downloadsFromAnOrdinaryServer() throws IOException {
    var ordinary =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ordinary.setHttpsConfigurator(new HttpsConfigurator(tls.server()));
    ordinary.createContext(
        "/",
        exchange -> {
          // Chunked, as the length is not told.
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            body.write(MODULE);
          }
        });
    ordinary.start();
    fetcher =
        fetcher(FetchLimits.defaults(), Set.of(), "127.0.0.1:" + ordinary.getAddress().getPort());
    try {
      var module =
          Outcomes.value(fetch("https://127.0.0.1:" + ordinary.getAddress().getPort() + "/x"));
      assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    } finally {
      ordinary.stop(0);
    }
  }

  @Test
  void refusesPlainHttpFromAHostThatIsNotListed() {
    try (var plain = LoopbackServer.start(request -> answer)) {
      var failure = Outcomes.failure(fetch(plain.url("/x")));
      assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceForbidden);
      assertThat(failure.message()).contains("list " + plain.host() + " as insecure");
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void takesPlainHttpFromAHostThatIsListed() {
    try (var plain = LoopbackServer.start(request -> answer)) {
      fetcher = fetcher(Duration.ofSeconds(20), Duration.ofSeconds(40), Set.of(plain.host()));
      assertThat(Outcomes.value(fetch(plain.url("/x"))).digest()).isEqualTo(Digest.of(MODULE));
    }
  }

  @Test
  void keepsToThePinnedModule() throws IOException {
    var first = Outcomes.value(fetch(server.url("/x")));
    Files.delete(first.file());
    answer = Answer.ok("application/wasm", new byte[10]);
    var again = fetcher.fetchPinned(first.reference(), first.immutableReference(), first.digest());
    assertThat(Outcomes.failure(again).reason()).isEqualTo(Reason.ModuleDigestMismatch);
  }

  @ParameterizedTest
  @CsvSource({
    "401, ModuleSourceDenied",
    "403, ModuleSourceDenied",
    "404, ModuleNotFound",
    "429, ModuleSourceUnreachable",
    "500, ModuleSourceUnreachable",
    "206, ModuleSourceUnreachable",
  })
  void tellsStatusCodesApart(int status, Reason reason) {
    answer = Answer.status(status);
    assertFails(reason, "HTTP " + status);
  }

  @Test
  void endsAnEndlessBody() {
    answer = Answer.endless(200);
    assertFails(Reason.ModuleTooLarge, "limit of " + MAX_MODULE);
  }

  @Test
  void refusesABodyThatSaysItIsTooLarge() {
    answer = Answer.truncated(new byte[(int) MAX_MODULE + 1]);
    assertFails(Reason.ModuleTooLarge, "limit of " + MAX_MODULE);
  }

  @Test
  void endsASlowDrip() {
    fetcher = fetcher(Duration.ofSeconds(20), Duration.ofSeconds(1), Set.of());
    answer = Answer.drip(MODULE, Duration.ofMillis(100));
    assertFails(Reason.ModuleFetchTimeout, "was not over after 1000 ms");
  }

  @Test
  void endsASilentBody() {
    fetcher = fetcher(Duration.ofMillis(700), Duration.ofSeconds(40), Set.of());
    answer = Answer.silenceAfterHalf(MODULE);
    assertFails(Reason.ModuleFetchTimeout, "sent nothing for 700 ms");
  }

  @Test
  void endsASilentHandshake() throws IOException {
    fetcher = fetcher(Duration.ofMillis(700), Duration.ofSeconds(40), Set.of());
    try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var failure = Outcomes.failure(fetch("https://127.0.0.1:" + mute.getLocalPort() + "/x"));
      assertThat(failure.reason()).isEqualTo(Reason.ModuleFetchTimeout);
    }
  }

  @Test
  void reportsATruncatedBody() {
    answer = Answer.truncated(MODULE);
    assertFails(Reason.ModuleSourceUnreachable, "broke off");
  }

  @Test
  void reportsAResetConnection() {
    answer = Answer.reset(MODULE);
    assertFails(Reason.ModuleSourceUnreachable, "broke off");
  }

  @Test
  void followsRedirectsUpToTheLimit() {
    for (int hop = 1; hop < 5; hop++) {
      answers.put("/" + hop, Answer.redirect(String.valueOf(hop + 1)));
    }
    answers.put("/x", Answer.redirect(server.url("/1")));
    assertThat(Outcomes.value(fetch(server.url("/x"))).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void refusesARedirectToAFile() {
    answer = Answer.redirect("file:///etc/passwd");
    assertFails(Reason.ModuleSourceForbidden, "redirects to file:///etc/passwd");
  }

  @Test
  void endsARedirectLoop() {
    answer = Answer.redirect("/x");
    assertFails(Reason.ModuleSourceUnreachable, "redirects more than 5 times");
  }

  @Test
  void reportsARedirectToNowhere() {
    answer = Answer.redirect("::::");
    assertFails(Reason.ModuleSourceUnreachable, "redirects to no address");
  }

  private void assertFails(Reason reason, String message) {
    var failure = Outcomes.failure(fetch(server.url("/x")));
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
    await("no connection stays open").until(() -> server.openConnections() == 0);
    // Not even an unfinished file.
    assertThat(directory.resolve("sha256")).isEmptyDirectory();
  }

  private Outcome<FetchedModule> fetch(String url) {
    return ModuleReferences.parse(url).then(fetcher::fetch);
  }

  private ModuleFetcher fetcher(Duration read, Duration total, Set<String> insecureHosts) {
    var limits = new FetchLimits(MAX_MODULE, 1000, 5, Duration.ofSeconds(5), read, total);
    return fetcher(limits, insecureHosts, server.host());
  }

  private ModuleFetcher fetcher(FetchLimits limits, Set<String> insecureHosts, String trusted) {
    var sources =
        Sources.none()
            .withInsecureHosts(insecureHosts)
            .withAuthorities(Map.of(trusted, List.of(tls.certificate())));
    return new ModuleFetcher(new ModuleStore(directory), limits, sources);
  }
}
