package dev.warder.policy.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Request;
import dev.warder.policy.verify.TrustRoot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The refresh in the background, from a web server that behaves or does not. */
final class TrustRootRefreshIT {
  @TempDir Path store;
  private final TestRepository repository = new TestRepository();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Optional<Answer> always = Optional.empty();
  private volatile boolean needed = true;
  private LoopbackServer server;
  private ModuleFetcher fetcher;
  private PublicTrustRoot trust;
  private TrustRootRefresh refresh;

  @BeforeEach
  void start() throws IOException {
    var source =
        new TrustRootSource(
            URI.create("https://unused.test"), repository.anchor(repository.root(1, List.of())));
    repository.publish(trustRoot());
    server = LoopbackServer.start(this::answer);
    fetcher =
        new ModuleFetcher(
            new ModuleStore(store),
            new FetchLimits(
                1 << 20,
                1 << 20,
                2,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3)),
            Sources.none().withInsecureHosts(Set.of(server.host())));
    trust = PublicTrustRoot.open(Optional.of(source), store);
    refresh =
        new TrustRootRefresh(
            trust,
            URI.create(server.url("/tuf")),
            fetcher::files,
            () -> {
              asked.incrementAndGet();
              return needed;
            },
            changes::incrementAndGet,
            Clock.fixed(TestRepository.NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    refresh.close();
    fetcher.close();
    server.close();
  }

  @Test
  void takesWhatTheRepositoryHasAndTellsIt() throws IOException {
    refresh.look();
    await().until(() -> changes.get() == 1);
    assertThat(trust.get().fingerprint()).isEqualTo(Digest.of(trustRoot()));
    assertThat(refresh.state().refreshed()).contains(TestRepository.NOW);
    assertThat(server.requests()).hasSize(5);

    refresh.look();
    assertThat(server.requests()).as("it is not time again").hasSize(5);
  }

  @Test
  void asksNobodyWhileNobodyNeedsIt() {
    needed = false;
    refresh.look();
    refresh.look();
    // One thread asks: what followed from the first answer is over.
    await().until(() -> asked.get() == 2);
    assertThat(server.requests()).isEmpty();

    needed = true;
    refresh.look();
    await().until(() -> refresh.state().refreshed().isPresent());
    assertThat(changes).hasValue(1);
  }

  @Test
  void comesToThoseWhoJudgeByItNowAndThen() {
    needed = false;
    trust.getAsNeeded();
    refresh.look();
    await().until(() -> refresh.state().refreshed().isPresent());
    assertThat(changes).hasValue(1);
  }

  @Test
  void endlessDataChangesNothing() {
    assertStays(Answer.endless(200), "is larger than the limit of 524288 bytes");
  }

  @Test
  void silenceChangesNothing() {
    assertStays(Answer.silence(), "sent nothing for");
  }

  @Test
  void aBrokenServerChangesNothing() {
    assertStays(Answer.status(500), "answered HTTP 500");
  }

  @Test
  void anEmptyRepositoryChangesNothing() {
    assertStays(Answer.status(404), "there is no timestamp.json");
  }

  @Test
  void noNetworkChangesNothing() {
    server.close();
    assertStays(Answer.status(200), server.host());
  }

  private void assertStays(Answer answer, String why) {
    always = Optional.of(answer);
    refresh.look();
    await().until(() -> refresh.state().failure().isPresent());
    assertThat(refresh.state().failure().orElseThrow()).contains(why);
    assertThat(refresh.state().refreshed()).isEmpty();
    assertThat(trust.get().fingerprint()).isEqualTo(TrustRoot.publicGood().fingerprint());
    assertThat(changes).hasValue(0);
  }

  private Answer answer(Request request) {
    return always.orElseGet(() -> repository.answer(request));
  }

  private static byte[] trustRoot() throws IOException {
    var name = "public-good-trusted-root.json";
    try (var in = Objects.requireNonNull(TrustRoot.class.getResourceAsStream(name))) {
      return (new String(in.readAllBytes(), StandardCharsets.UTF_8) + " ")
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
