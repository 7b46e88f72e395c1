package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.TestTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is trusted for what, and what changes when the sources do. */
final class SourcesIT {
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static TestTls tls;
  private static TestTls elsewhere;

  @TempDir Path directory;
  private volatile Answer answer = Answer.ok("application/wasm", MODULE);
  private LoopbackServer server;
  private LoopbackServer other;
  private ModuleFetcher fetcher;

  @BeforeAll
  static void makeAuthorities(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
    elsewhere = TestTls.create(folder, "dns:elsewhere.example");
  }

  @BeforeEach
  void start() {
    server = LoopbackServer.start(tls.server(), request -> answer);
    other = LoopbackServer.start(tls.server(), request -> Answer.ok("application/wasm", MODULE));
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), FetchLimits.defaults(), trusting(server.host()));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    server.close();
    other.close();
  }

  @Test
  void trustsAnAuthorityForItsHostOnly() {
    assertFetched(server);
    assertDistrusted(other);
  }

  @Test
  void trustsAnAuthorityForNoHostThatItsHostRedirectsTo() {
    answer = Answer.redirect(other.url("/x"));
    assertDistrusted(server);
    fetcher.use(trusting(server.host(), other.host()));
    assertFetched(server);
  }

  @Test
  void forgetsAnAuthorityThatIsNoLongerListed() {
    fetcher.use(trusting(other.host()));
    assertDistrusted(server);
    assertFetched(other);
  }

  @Test
  void endsAFetchAsItBegan() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    answer =
        connection -> {
          asked.countDown();
          go.await(20, TimeUnit.SECONDS);
          Answer.redirect(server.url("/again")).send(connection);
        };
    var fetch = CompletableFuture.supplyAsync(() -> fetch(server));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    fetcher.use(Sources.none());
    answer = Answer.ok("application/wasm", MODULE);
    go.countDown();
    assertThat(Outcomes.value(fetch.get(20, TimeUnit.SECONDS)).digest())
        .isEqualTo(Digest.of(MODULE));
    assertDistrusted(server);
  }

  @Test
  void endsWhatIsUnderWayWhenItIsClosed() throws Exception {
    var asked = new CountDownLatch(1);
    answer =
        connection -> {
          asked.countDown();
          Answer.silence().send(connection);
        };
    var fetch = CompletableFuture.supplyAsync(() -> fetch(server));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    fetcher.use(Sources.none());
    fetcher.close();
    assertThat(Outcomes.failure(fetch.get(8, TimeUnit.SECONDS)).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
  }

  @Test
  void showsAHostItsCertificateAndNoOther() throws Exception {
    var own =
        Outcomes.value(
            ClientCertificate.parse(
                pem("CERTIFICATE", tls.certificate().getEncoded()),
                pem("PRIVATE KEY", tls.key().getEncoded()),
                "test"));
    try (var strict =
        LoopbackServer.startForKnownClients(
            tls.server(), request -> Answer.ok("application/wasm", MODULE))) {
      fetcher.use(trusting(strict.host()));
      assertThat(Outcomes.failure(fetch(strict)).reason())
          .isEqualTo(Reason.ModuleSourceUnreachable);
      fetcher.use(trusting(strict.host()).withClientCertificates(Map.of(other.host(), own)));
      assertThat(Outcomes.failure(fetch(strict)).reason())
          .isEqualTo(Reason.ModuleSourceUnreachable);
      fetcher.use(trusting(strict.host()).withClientCertificates(Map.of(strict.host(), own)));
      assertFetched(strict);
    }
  }

  @Test
  void takesAnyCertificateOfAHostThatIsListedAsInsecure() {
    try (var impostor =
        LoopbackServer.start(
            elsewhere.server(), request -> Answer.ok("application/wasm", MODULE))) {
      assertDistrusted(impostor);
      fetcher.use(Sources.none().withInsecureHosts(Set.of(impostor.host())));
      assertFetched(impostor);
      assertDistrusted(other);
    }
  }

  @Test
  void readsCertificates() throws CertificateEncodingException {
    var der = tls.certificate().getEncoded();
    var pem = pem("CERTIFICATE", der);
    assertThat(Outcomes.value(Certificates.parse(der, "x"))).containsExactly(tls.certificate());
    assertThat(Outcomes.value(Certificates.parse(pem, "x"))).containsExactly(tls.certificate());
    for (var bad :
        List.of("", "text", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")) {
      assertThat(
              Outcomes.failure(Certificates.parse(bad.getBytes(StandardCharsets.UTF_8), "it"))
                  .reason())
          .isEqualTo(Reason.SourcesInvalid);
    }
  }

  @Test
  void saysWhenAKeyIsUnusableButNotWhatItHolds() throws CertificateEncodingException {
    var certificate = pem("CERTIFICATE", tls.certificate().getEncoded());
    var failure =
        Outcomes.failure(
            ClientCertificate.parse(
                certificate, pem("PRIVATE KEY", "s3cr3t".getBytes(StandardCharsets.UTF_8)), "it"));
    assertThat(failure.reason()).isEqualTo(Reason.SourcesInvalid);
    assertThat(failure.message()).contains("the key of it").doesNotContain("czNjcjN0");
  }

  private void assertFetched(LoopbackServer from) {
    assertThat(Outcomes.value(fetch(from)).digest()).isEqualTo(Digest.of(MODULE));
  }

  private void assertDistrusted(LoopbackServer from) {
    var failure = Outcomes.failure(fetch(from));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceUnreachable);
    assertThat(failure.message()).contains("no TLS connection");
  }

  private Outcome<FetchedModule> fetch(LoopbackServer from) {
    return ModuleReferences.parse(from.url("/x")).then(fetcher::fetch);
  }

  private static Sources trusting(String... hosts) {
    var authorities =
        Stream.of(hosts)
            .collect(Collectors.toMap(host -> host, host -> List.of(tls.certificate())));
    return Sources.none().withAuthorities(authorities);
  }

  private static byte[] pem(String kind, byte[] der) {
    var text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
