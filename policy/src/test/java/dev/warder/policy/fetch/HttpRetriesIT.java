package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that fail for a moment, and downloads that are continued. */
final class HttpRetriesIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final int HALF = MODULE.length / 2;
  private static final int TRIES = 4;

  @TempDir Path directory;
  private final Queue<Answer> first = new ConcurrentLinkedQueue<>();
  private FaultyRegistry registry;
  private String blob;
  private ModuleFetcher fetcher;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    registry.push(REPOSITORY, "v1", MODULE);
    blob = FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE));
    registry.guard(
        request ->
            request.path().equals(blob) ? Optional.ofNullable(first.poll()) : Optional.empty());
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), FetchLimits.defaults(), Set.of(registry.host()));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void triesAgainWhenTheServerIsOverloaded(int status) {
    first.addAll(List.of(Answer.status(status), Answer.status(status)));
    assertFetched();
    assertThat(asked()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 501})
  void triesOnlyOnceWhereItWouldNotHelp(int status) {
    first.add(Answer.status(status));
    Outcomes.failure(fetch());
    assertThat(asked()).hasSize(1);
  }

  @Test
  void givesUpAfterAFewTries() {
    registry.fault(blob, Answer.status(503));
    assertThat(Outcomes.failure(fetch()).message()).contains("HTTP 503");
    assertThat(asked()).hasSize(TRIES);
  }

  @Test
  void waitsAsLongAsItIsAskedTo() {
    first.add(Answer.of(429, Map.of("retry-after", "1"), new byte[0]));
    var started = System.nanoTime();
    assertFetched();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void doesNotWaitBeyondTheTimeLimit() {
    first.add(Answer.of(429, Map.of("retry-after", "3600"), new byte[0]));
    assertThat(Outcomes.failure(fetch()).message()).contains("HTTP 429");
    assertThat(asked()).hasSize(1);
  }

  @Test
  void readsDatesAndSeconds() {
    assertThat(HttpRetries.askedFor("120")).contains(Duration.ofMinutes(2));
    assertThat(HttpRetries.askedFor("Thu, 01 Jan 1970 00:00:00 GMT")).contains(Duration.ZERO);
    var soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(600).atZone(ZoneOffset.UTC));
    assertThat(HttpRetries.askedFor(soon).orElseThrow())
        .isBetween(Duration.ofSeconds(500), Duration.ofSeconds(600));
    for (var odd : List.of("", "soon", "-1", "1e9", "99999999999999999999")) {
      assertThat(HttpRetries.askedFor(odd)).isEmpty();
    }
  }

  @Test
  void continuesWhereADownloadBrokeOff() {
    first.addAll(List.of(Answer.truncated(MODULE), rest(HALF, HALF)));
    assertFetched();
    assertThat(asked())
        .extracting(request -> request.headers().get("range"))
        .containsExactly(null, "bytes=" + HALF + "-");
  }

  @Test
  void beginsAnewWhenTheServerSendsAll() {
    first.add(Answer.reset(MODULE));
    assertFetched();
    assertThat(asked()).hasSize(2);
  }

  @Test
  void doesNotContinueWithAnotherPart() {
    first.addAll(List.of(Answer.truncated(MODULE), rest(HALF - 1, HALF - 1)));
    assertThat(Outcomes.failure(fetch()).message()).contains("HTTP 206");
  }

  @Test
  void noticesWhenTheRestBelongsToSomethingElse() {
    first.addAll(List.of(Answer.truncated(MODULE), rest(HALF, 0)));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void endsADownloadThatAlwaysBreaksOff() {
    registry.fault(blob, Answer.truncated(MODULE));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleSourceUnreachable);
    assertThat(asked()).hasSize(TRIES);
  }

  @Test
  void neverGluesTwoAnswersOfAWebServerTogether() {
    var path = "/policy.wasm";
    var other = "\0asm other module".getBytes(StandardCharsets.UTF_8);
    first.add(Answer.truncated(other));
    registry.guard(
        request ->
            request.path().equals(path)
                ? Optional.of(
                    first.isEmpty() ? Answer.ok("application/wasm", MODULE) : first.remove())
                : Optional.empty());
    var reference = ModuleReferences.parse("http://" + registry.host() + path);
    assertThat(Outcomes.value(reference.then(fetcher::fetch)).digest())
        .isEqualTo(Digest.of(MODULE));
  }

  private void assertFetched() {
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(Digest.of(MODULE));
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch);
  }

  private List<Request> asked() {
    return registry.requests().stream().filter(request -> request.path().equals(blob)).toList();
  }

  /** The bytes from one offset, said to be those from another. */
  private static Answer rest(int saidOffset, int offset) {
    var bytes = Arrays.copyOfRange(MODULE, offset, offset + MODULE.length - saidOffset);
    var range = "bytes %d-%d/%d".formatted(saidOffset, MODULE.length - 1, MODULE.length);
    return Answer.of(206, Map.of("content-range", range), bytes);
  }
}
