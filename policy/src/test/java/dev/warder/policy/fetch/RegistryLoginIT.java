package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials: how they are shown, and to whom they are not. */
final class RegistryLoginIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(MODULE);
  private static final Credential BOB = new Credential.Basic("bob", "s3cr3t");
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("bob:s3cr3t".getBytes(StandardCharsets.UTF_8));
  private static final Set<String> ANY_AUTHORIZATION = Set.of(BASIC, "Bearer t0k3n");
  private static TestTls tls;

  @TempDir Path directory;
  private FaultyRegistry registry;
  private LoopbackServer tokens;
  private volatile Function<Request, Answer> tokenAnswers =
      request -> json("{\"token\": \"t0k3n\"}");
  private ModuleFetcher fetcher;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start(tls.server());
    registry.push(REPOSITORY, "v1", MODULE);
    tokens = LoopbackServer.start(tls.server(), request -> tokenAnswers.apply(request));
    fetcher = new ModuleFetcher(new ModuleStore(directory), FetchLimits.defaults(), sources(BOB));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    tokens.close();
    registry.close();
  }

  @Test
  void logsInWithAPasswordOnlyWhenAsked() {
    registry.demand("Basic realm=\"x\"", BASIC);
    assertFetched();
    assertThat(registry.requests())
        .extracting(Request::authorization)
        .containsExactly("", BASIC, BASIC);
  }

  @Test
  void keepsThePasswordWhenNobodyAsks() {
    assertFetched();
    assertThat(registry.requests()).extracting(Request::authorization).containsOnly("");
  }

  @Test
  void exchangesAPasswordForAToken() {
    demandToken();
    assertFetched();
    assertThat(tokens.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.authorization()).isEqualTo(BASIC))
        .satisfies(
            request ->
                assertThat(request.path())
                    .isEqualTo(
                        "/token?service=registry&scope=repository%3Apolicies%2Flabels%3Apull"));
    assertThat(registry.requests()).extracting(Request::authorization).doesNotContain(BASIC);
  }

  @Test
  void exchangesAnIdentityTokenForAToken() {
    fetcher.use(sources(new Credential.IdentityToken("r3fresh")));
    tokenAnswers = request -> json("{\"access_token\": \"t0k3n\"}");
    demandToken();
    assertFetched();
    assertThat(tokens.requests())
        .singleElement()
        .isEqualTo(
            new Request(
                "POST",
                "/token",
                tokens.requests().getFirst().headers(),
                "grant_type=refresh_token&client_id=warder&service=registry"
                    + "&scope=repository%3Apolicies%2Flabels%3Apull&refresh_token=r3fresh"));
  }

  @Test
  void showsARegistryTokenAsItIs() {
    fetcher.use(sources(new Credential.RegistryToken("t0k3n")));
    demandToken();
    assertFetched();
    assertThat(tokens.requests()).isEmpty();
  }

  @Test
  void getsAFreshTokenOnceWhenOneHasRunOut() {
    var serial = new AtomicInteger();
    tokenAnswers = request -> json("{\"token\": \"t" + serial.incrementAndGet() + "\"}");
    var blob = FaultyRegistry.blob(REPOSITORY, DIGEST);
    registry.guard(
        request -> {
          var token = request.path().equals(blob) ? "t2" : "t1";
          return request.authorization().equals("Bearer " + token)
              ? Optional.empty()
              : Optional.of(challenge());
        });
    assertFetched();
    assertThat(serial).hasValue(2);
  }

  @Test
  void asksForNoThirdToken() {
    var serial = new AtomicInteger();
    tokenAnswers = request -> json("{\"token\": \"t" + serial.incrementAndGet() + "\"}");
    registry.guard(request -> Optional.of(challenge()));
    assertFails(Reason.ModuleSourceDenied, "the credentials for " + registry.host());
    assertThat(serial).hasValue(1);
  }

  @Test
  void saysThatThePasswordWasRefused() {
    registry.demand("Basic realm=\"x\"", "Basic other");
    assertFails(
        Reason.ModuleSourceDenied, "the credentials for " + registry.host() + " were refused");
    assertThat(registry.requests()).hasSize(2);
  }

  @Test
  void saysThatTheTokenServiceRefusedThePassword() {
    tokenAnswers = request -> Answer.status(401);
    demandToken();
    assertFails(Reason.ModuleSourceDenied, "the token service refused the credentials");
    assertThat(tokens.requests()).hasSize(1);
  }

  @Test
  void saysThatThereAreNoCredentials() {
    registry.demand("Basic realm=\"x\"", BASIC);
    fetcher.use(sources((host, repository) -> Optional.empty()));
    assertFails(Reason.ModuleSourceDenied, "no credentials were found for " + registry.host());
  }

  @Test
  void asksForCredentialsOfThisRepository() {
    registry.demand("Basic realm=\"x\"", BASIC);
    fetcher.use(
        sources(
            (host, repository) ->
                host.equals(registry.host()) && repository.equals(REPOSITORY)
                    ? Optional.of(BOB)
                    : Optional.empty()));
    assertFetched();
  }

  @Test
  void takesNewCredentialsForLaterFetches() {
    registry.demand("Basic realm=\"x\"", BASIC);
    fetcher.use(sources(new Credential.Basic("bob", "old")));
    assertFails(Reason.ModuleSourceDenied, "were refused");
    fetcher.use(sources(BOB));
    assertFetched();
  }

  @Test
  void givesARedirectTargetNothingEvenIfItAsks() {
    tokenAnswers = request -> challengeOf("Basic realm=\"x\", " + bearer());
    registry.demand("Basic realm=\"x\"", BASIC);
    registry.fault(FaultyRegistry.blob(REPOSITORY, DIGEST), Answer.redirect(tokens.url("/blob")));
    assertFails(Reason.ModuleSourceDenied, "go to no other host");
    assertThat(tokens.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.authorization()).isEmpty());
  }

  @Test
  void keepsThePasswordFromARedirectOfTheTokenService() {
    try (var thief =
        LoopbackServer.start(tls.server(), request -> json("{\"token\": \"t0k3n\"}"))) {
      fetcher.use(sources(BOB, thief.host()));
      tokenAnswers = request -> Answer.redirect(thief.url("/token"));
      demandToken();
      assertFetched();
      assertThat(thief.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.authorization()).isEmpty());
    }
  }

  @Test
  void postsAnIdentityTokenToNoOtherHost() {
    try (var thief = LoopbackServer.start(tls.server(), request -> Answer.status(200))) {
      fetcher.use(
          sources(
              (host, repository) -> Optional.of(new Credential.IdentityToken("r")), thief.host()));
      tokenAnswers = request -> Answer.redirect(thief.url("/token"));
      demandToken();
      assertFails(Reason.ModuleSourceUnreachable, "HTTP 307");
      assertThat(thief.requests()).isEmpty();
    }
  }

  @Test
  void endsEndlessRedirectsOfTheTokenService() {
    tokenAnswers = request -> Answer.redirect(tokens.url(request.path() + "x"));
    demandToken();
    assertFails(Reason.ModuleSourceUnreachable, "redirects more than 5 times");
    assertThat(tokens.requests()).hasSize(6);
  }

  @Test
  void givesNoPasswordToATokenServiceOverPlainHttp() {
    try (var plain = LoopbackServer.start(request -> Answer.status(200))) {
      registry.demandToken("Bearer realm=\"" + plain.url("/token") + "\"", "t0k3n");
      assertFails(Reason.ModuleSourceForbidden, "list " + plain.host() + " as insecure");
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void givesNoPasswordToATokenServiceThatAnInsecureRegistryNames() {
    fetcher.use(sources(BOB).withInsecureHosts(Set.of(registry.host())));
    registry.demandToken("Bearer realm=\"https://localhost:1/token\"", "t0k3n");
    assertFails(Reason.ModuleSourceForbidden, "https://localhost:1/token on another host");
    assertThat(registry.requests())
        .extracting(Request::authorization)
        .doesNotContainAnyElementsOf(ANY_AUTHORIZATION);
  }

  @Test
  void keepsSecretsOutOfMessages() {
    registry.demand("Basic realm=\"x\"", "Basic other");
    assertThat(Outcomes.failure(fetch()).message()).doesNotContain("s3cr3t").doesNotContain(BASIC);
  }

  private void demandToken() {
    registry.demandToken(bearer(), "t0k3n");
  }

  private Answer challenge() {
    return challengeOf(bearer());
  }

  private static Answer challengeOf(String challenge) {
    return Answer.of(401, Map.of("www-authenticate", challenge), new byte[0]);
  }

  private String bearer() {
    return "Bearer realm=\"%s\",service=\"registry\"".formatted(tokens.url("/token"));
  }

  private void assertFetched() {
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(DIGEST);
  }

  private void assertFails(Reason reason, String message) {
    var failure = Outcomes.failure(fetch());
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch);
  }

  private Sources sources(Credential credential, String... alsoTrusted) {
    return sources(
        (host, repository) ->
            host.equals(registry.host()) ? Optional.of(credential) : Optional.empty(),
        alsoTrusted);
  }

  private Sources sources(Credentials credentials, String... alsoTrusted) {
    var trusted = List.of(tls.certificate());
    var authorities = new HashMap<>(Map.of(registry.host(), trusted, tokens.host(), trusted));
    for (var host : alsoTrusted) {
      authorities.put(host, trusted);
    }
    return Sources.none().withAuthorities(authorities).withCredentials(credentials);
  }

  private static Answer json(String text) {
    return Answer.ok("application/json", text.getBytes(StandardCharsets.UTF_8));
  }
}
