package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import dev.warder.policy.testing.TestTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, tokens, and where they may go. */
final class RegistryTlsIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(MODULE);
  private static TestTls tls;

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleFetcher fetcher;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start(tls.server());
    registry.push(REPOSITORY, "v1", MODULE);
    fetcher = fetcher(Set.of());
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void trustsThePrivateAuthority() {
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
  }

  @Test
  void distrustsItByDefault() {
    try (var plain = new ModuleFetcher(store("plain"), FetchLimits.defaults(), Set.of())) {
      fetcher = plain;
      var failure = Outcomes.failure(fetch());
      assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceUnreachable);
      assertThat(failure.message())
          .contains("no TLS connection to https://" + registry.host())
          .contains("check its certificate");
    }
  }

  @Test
  void distrustsACertificateForAnotherName(@TempDir Path folder) throws Exception {
    var elsewhere = TestTls.create(folder, "dns:elsewhere.example");
    try (var impostor = FaultyRegistry.start(elsewhere.server());
        var naive =
            new ModuleFetcher(
                store("naive"),
                FetchLimits.defaults(),
                Sources.none()
                    .withAuthorities(Map.of(impostor.host(), List.of(elsewhere.certificate()))))) {
      impostor.push(REPOSITORY, "v1", MODULE);
      var reference = Outcomes.value(ModuleReferences.parse(impostor.reference(REPOSITORY, "v1")));
      assertThat(Outcomes.failure(naive.fetch(reference)).reason())
          .isEqualTo(Reason.ModuleSourceUnreachable);
    }
  }

  @Test
  void prefersHttpsEvenForAnInsecureHost() {
    fetcher = fetcher(Set.of(registry.host()));
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
  }

  @Test
  void refusesTheStepDownToPlainHttp() {
    try (var plain = LoopbackServer.start(request -> Answer.status(200))) {
      registry.fault(blob(), Answer.redirect(plain.url("/blob")));
      var failure = Outcomes.failure(fetch());
      assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceForbidden);
      assertThat(failure.message()).contains("list " + plain.host() + " as insecure");
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void stepsDownToAHostThatIsListed() {
    try (var plain = LoopbackServer.start(request -> Answer.ok("x/y", MODULE))) {
      registry.fault(blob(), Answer.redirect(plain.url("/blob")));
      fetcher = fetcher(Set.of(plain.host()));
      assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
    }
  }

  @Test
  void getsAnAnonymousToken() {
    try (var tokens = tokenServer("{\"token\": \"t0k3n\"}")) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
      assertThat(tokens.requests())
          .extracting(Request::path)
          .containsExactly(
              "/token?account=none&service=registry&scope=repository%3Apolicies%2Flabels%3Apull");
    }
  }

  @Test
  void getsAnAccessTokenToo() {
    try (var tokens = tokenServer("{\"access_token\": \"t0k3n\"}")) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
    }
  }

  @Test
  void keepsTheTokenAwayFromOtherHosts() {
    try (var tokens = tokenServer("{\"token\": \"t0k3n\"}");
        var storage = LoopbackServer.start(tls.server(), request -> Answer.ok("x/y", MODULE))) {
      fetcher.use(trusting(tokens.host(), storage.host()));
      demandToken(tokens, "t0k3n");
      registry.fault(blob(), Answer.redirect(storage.url("/blob")));
      assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
      assertThat(storage.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }
  }

  @Test
  void saysThatTheTokenWasNotEnough() {
    try (var tokens = tokenServer("{\"token\": \"wrong\"}")) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleSourceDenied);
      assertThat(tokens.requests()).hasSize(1);
    }
  }

  @Test
  void refusesToAskForATokenOverPlainHttp() {
    try (var tokens = LoopbackServer.start(request -> Answer.status(200))) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleSourceForbidden);
      assertThat(tokens.requests()).isEmpty();
    }
  }

  @Test
  void boundsTheTokenAnswer() {
    try (var tokens = LoopbackServer.start(tls.server(), request -> Answer.endless(200))) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      Failure failure = Outcomes.failure(fetch());
      assertThat(failure.reason()).isEqualTo(Reason.ModuleTooLarge);
      assertThat(failure.message()).contains("65536");
    }
  }

  @Test
  void refusesATokenThatIsNoHeader() {
    try (var tokens = tokenServer("{\"token\": \"a\\r\\nhost: b\"}")) {
      trustToo(tokens);
      demandToken(tokens, "t0k3n");
      assertThat(Outcomes.failure(fetch()).message()).contains("gave no token");
    }
  }

  @Test
  void saysThatOnlyAPasswordHelps() {
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, "v1"),
        Answer.of(401, Map.of("www-authenticate", "Basic realm=\"x\""), new byte[0]));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleSourceDenied);
  }

  private void demandToken(LoopbackServer tokens, String token) {
    registry.demandToken(
        "Bearer realm=\"%s\",service=\"registry\"".formatted(tokens.url("/token?account=none")),
        token);
  }

  private static LoopbackServer tokenServer(String answer) {
    return LoopbackServer.start(
        tls.server(),
        request -> Answer.ok("application/json", answer.getBytes(StandardCharsets.UTF_8)));
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch);
  }

  private static String blob() {
    return FaultyRegistry.blob(REPOSITORY, DIGEST);
  }

  private ModuleFetcher fetcher(Set<String> insecureHosts) {
    return new ModuleFetcher(
        store("store"), FetchLimits.defaults(), trusting().withInsecureHosts(insecureHosts));
  }

  private void trustToo(LoopbackServer other) {
    fetcher.use(trusting(other.host()));
  }

  private Sources trusting(String... others) {
    var hosts = Stream.concat(Stream.of(registry.host()), Stream.of(others));
    return Sources.none()
        .withAuthorities(
            hosts.collect(
                Collectors.toMap(Function.identity(), host -> List.of(tls.certificate()))));
  }

  private ModuleStore store(String name) {
    return new ModuleStore(directory.resolve(name));
  }
}
