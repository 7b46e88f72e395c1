package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of referrers that come in pages. */
final class ReferrerPagesIT {
  private static final Digest SUBJECT = Digest.of(new byte[] {1});
  private static final String REPOSITORY = "policies/labels";
  private static final String FIRST = "/v2/" + REPOSITORY + "/referrers/" + SUBJECT;
  private static final int MAX_PAGES = 16;
  private static final int MAX_BYTES = 20_000;

  @TempDir Path directory;
  private FaultyRegistry registry;
  private FaultyRegistry thief;
  private ModuleFetcher fetcher;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    thief = FaultyRegistry.start();
    var limits =
        new FetchLimits(
            1, MAX_BYTES, 5, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(60));
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), limits, Set.of(registry.host(), thief.host()));
    // What stands in for the API must not be looked for when that is there, but is broken.
    registry.pushIndex(REPOSITORY, "sha256-" + SUBJECT.hex());
  }

  @AfterEach
  void stop() {
    fetcher.close();
    thief.close();
    registry.close();
  }

  @Test
  void mergesPages() throws Exception {
    page(
        "",
        Optional.of("</v2/" + REPOSITORY + "/referrers/" + SUBJECT + "?p=2>; rel=\"next\""),
        1,
        2);
    page("?p=2", Optional.of("<" + registry.url(FIRST) + "?p=3>; rel=next"), 2, 3);
    page("?p=3", Optional.of("<?p=1>; rel=first"), 4);
    assertThat(listed()).containsExactly(digest(1), digest(2), digest(3), digest(4));
  }

  @Test
  void leavesAListOfOnePageAsItCame() {
    page("", Optional.of("<?p=1>; rel=first"), 1);
    assertThat(Outcomes.value(referrers()).orElseThrow().bytes()).isEqualTo(index(0, 1));
  }

  @Test
  void readsSixteenPagesAndNoMore() throws Exception {
    pages(MAX_PAGES);
    assertThat(listed()).hasSize(MAX_PAGES);
    pages(MAX_PAGES + 1);
    assertUnreadable("more than 16 pages");
    assertThat(registry.requests(FIRST + "?p=" + MAX_PAGES)).isZero();
  }

  @Test
  void limitsAllPagesTogether() {
    registry.fault(FIRST, indexOf(MAX_BYTES / 2, Optional.of("<?p=2>; rel=next")));
    registry.fault(FIRST + "?p=2", indexOf(MAX_BYTES / 2 + 1, Optional.empty()));
    var failure = Outcomes.failure(referrers());
    assertThat(failure.reason()).isEqualTo(Reason.ModuleTooLarge);
    assertThat(failure.message()).contains(FIRST + " is larger than the limit of 20000 bytes");
    registry.fault(FIRST + "?p=2", indexOf(MAX_BYTES / 2, Optional.empty()));
    assertThat(Outcomes.value(referrers())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?p=2"})
  void refusesALoop(String to) {
    page("", Optional.of("<?p=2>; rel=next"), 1);
    page("?p=2", Optional.of("<" + FIRST + to + ">; rel=next"), 2);
    assertUnreadable("a page that was there before");
  }

  @Test
  void goesToNoOtherHost() {
    page("", Optional.of("<" + thief.url(FIRST) + "?p=2>; rel=next"), 1);
    assertUnreadable("goes on elsewhere");
    assertThat(thief.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/policies/other/referrers/%s?p=2",
        "/v2/policies/labels/x/referrers/%s?p=2",
        "/v2/policies/labels/../other/referrers/%s?p=2",
        "/v2/policies/labels/tags/list",
        "https://me@host.test/v2/policies/labels/referrers/%s?p=2",
        "mailto:somebody@host.test",
      })
  void goesToNoOtherPlace(String target) {
    page("", Optional.of("<" + target.formatted(SUBJECT) + ">; rel=next"), 1);
    assertUnreadable("goes on elsewhere");
    assertThat(registry.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "<?p=2>; rel=next, <?p=3>; rel=next", "<http://[>; rel=next"})
  void refusesALinkThatItDoesNotUnderstand(String link) {
    page("", Optional.of(link), 1);
    assertUnreadable("Link header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"manifests\": {}}", "{\"manifests\": []} x"})
  void refusesAPageThatIsNoList(String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    page("", Optional.of("<?p=2>; rel=next"), 1);
    registry.fault(FIRST + "?p=2", Answer.ok(FaultyRegistry.INDEX, bytes));
    assertUnreadable("has a page ");
    page("", Optional.of("<?p=2>; rel=next"), 1);
    registry.fault(FIRST + "?p=2", Answer.ok("text/html", bytes));
    assertUnreadable("has a page that is no index");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 500})
  void refusesAPageThatIsNotThere(int status) {
    page("", Optional.of("<?p=2>; rel=next"), 1);
    registry.fault(FIRST + "?p=2", Answer.status(status));
    assertUnreadable("has a page that is no index");
  }

  private void pages(int count) {
    for (int page = 0; page < count; page++) {
      var next = "<?p=" + (page + 1) + ">; rel=next";
      page(
          page == 0 ? "" : "?p=" + page,
          Optional.of(next).filter(link -> !last(link, count)),
          page);
    }
  }

  private static boolean last(String link, int count) {
    return link.startsWith("<?p=" + count + ">");
  }

  private void page(String query, Optional<String> link, int... referrers) {
    registry.fault(FIRST + query, answer(index(0, referrers), link));
  }

  /** An index of so many bytes. */
  private static Answer indexOf(int size, Optional<String> link) {
    return answer(index(size - index(0, 1).length, 1), link);
  }

  private static Answer answer(byte[] index, Optional<String> link) {
    var headers = new HashMap<String, String>();
    headers.put("content-type", FaultyRegistry.INDEX);
    link.ifPresent(value -> headers.put("link", value));
    return Answer.of(200, headers, index);
  }

  private static byte[] index(int spaces, int... referrers) {
    var entries =
        IntStream.of(referrers)
            .mapToObj(
                referrer ->
                    "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": 9}"
                        .formatted(FaultyRegistry.MANIFEST, digest(referrer)))
            .collect(Collectors.joining(", "));
    return "{\"schemaVersion\": 2, \"mediaType\": \"%s\", \"manifests\": [%s]%s}"
        .formatted(FaultyRegistry.INDEX, entries, " ".repeat(spaces))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(int referrer) {
    return Digest.of(new byte[] {2, (byte) referrer}).toString();
  }

  private List<String> listed() throws Exception {
    var index = Outcomes.value(referrers()).orElseThrow();
    assertThat(ManifestParser.parse(index.bytes(), index.contentType(), "it"))
        .isInstanceOf(Outcome.Done.class);
    Iterable<JsonNode> manifests = new JsonMapper().readTree(index.bytes()).path("manifests");
    return StreamSupport.stream(manifests.spliterator(), false)
        .map(entry -> entry.path("digest").textValue())
        .toList();
  }

  private void assertUnreadable(String problem) {
    var failure = Outcomes.failure(referrers());
    assertThat(failure)
        .returns(Reason.ModuleSourceUnreachable, Failure::reason)
        .returns(true, Failure::retryable);
    assertThat(failure.message()).contains(problem);
  }

  private Outcome<Optional<RawManifest>> referrers() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1"))
        .then(reference -> fetcher.repository(reference).orElseThrow().referrers(SUBJECT));
  }
}
