package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of downloads and uploads on their way. */
final class TransferListenerIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = new byte[3 * 1024 * 1024 + 17];
  private static final Digest DIGEST;
  private static final String BLOB;

  static {
    new Random(1).nextBytes(MODULE);
    DIGEST = Digest.of(MODULE);
    BLOB = FaultyRegistry.blob(REPOSITORY, DIGEST);
  }

  @TempDir Path directory;
  private FaultyRegistry registry;
  private Sources sources;
  private ModuleFetcher fetcher;
  private RegistryPusher pusher;
  private final Heard heard = new Heard();
  private final Deque<Answer> faults = new ArrayDeque<>();

  private record Moved(String what, long bytes, OptionalLong total) {}

  private static final class Heard implements TransferListener {
    private final List<Moved> moved = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    @Override
    public synchronized void moved(String what, long bytes, OptionalLong total) {
      moved.add(new Moved(what, bytes, total));
    }

    @Override
    public synchronized void ended(String what) {
      ended.add(what);
    }

    synchronized List<Moved> of(String what) {
      return moved.stream().filter(one -> one.what().equals(what)).toList();
    }
  }

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    registry.push(REPOSITORY, "v1", MODULE);
    sources = Sources.none().withInsecureHosts(Set.of(registry.host()));
    var limits = FetchLimits.defaults();
    fetcher =
        new ModuleFetcher(new ModuleStore(directory.resolve("store")), limits, sources, heard);
    pusher = new RegistryPusher(limits, sources, heard);
  }

  @AfterEach
  void stop() {
    pusher.close();
    fetcher.close();
    registry.close();
  }

  @Test
  void tellsOfADownload() {
    Outcomes.value(fetch());
    assertToldOfAll(registry.url(BLOB));
    Outcomes.value(fetch());
    assertThat(heard.ended).as("what is in the store is not moved").hasSize(1);
  }

  @Test
  void tellsOfAFileOfAWebServer() {
    Outcomes.value(ModuleReferences.parse(registry.url(BLOB)).then(fetcher::fetch));
    assertToldOfAll(registry.url(BLOB));
  }

  @Test
  void goesOnWhereADownloadBrokeOff() {
    breakOff("GET", BLOB, Answer.reset(MODULE), Answer.status(503));
    Outcomes.value(fetch());
    assertThat(registry.requests(BLOB)).isEqualTo(3);
    assertToldOfAll(registry.url(BLOB));
  }

  @Test
  void tellsTheEndOfADownloadThatFails() {
    registry.fault(BLOB, Answer.ok("x/y", new byte[MODULE.length]));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleDigestMismatch);
    assertToldOfAll(registry.url(BLOB));
    registry.fault(BLOB, Answer.status(404));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleNotFound);
    assertThat(heard.ended).hasSize(2);
  }

  @Test
  void tellsOfAnUpload() {
    takeUploads();
    Outcomes.value(push());
    assertToldOfAll(registry.url(FaultyRegistry.blob("pushed", DIGEST)));
  }

  @Test
  void goesOnWhereAnUploadBrokeOff() {
    takeUploads();
    faults.add(Answer.status(503));
    Outcomes.value(push());
    assertThat(registry.requests())
        .filteredOn(request -> request.body().length() == MODULE.length)
        .hasSize(2);
    assertToldOfAll(registry.url(FaultyRegistry.blob("pushed", DIGEST)));
  }

  @Test
  void tellsOfSavingAndLoading() {
    var archive = directory.resolve("saved.tar");
    var reference = reference("v1");
    var manifest = Outcomes.value(fetcher.fetch(reference)).manifest().orElseThrow();
    heard.moved.clear();
    heard.ended.clear();
    registry.putBlob(REPOSITORY, ModuleManifest.CONFIG);
    var from = fetcher.repository(reference).orElseThrow();
    Outcomes.value(
        new OciLayoutWriter(from, FetchLimits.defaults()).writeTar(manifest, "v1", archive));
    assertToldOfAll(registry.url(BLOB));

    takeUploads();
    Outcomes.value(pusher.load(archive, pushed()));
    assertToldOfAll(registry.url(FaultyRegistry.blob("pushed", DIGEST)));
  }

  private void assertToldOfAll(String what) {
    var all = heard.of(what);
    assertThat(all).extracting(Moved::total).containsOnly(OptionalLong.of(MODULE.length));
    assertThat(all).extracting(Moved::bytes).isSorted().doesNotHaveDuplicates();
    assertThat(all).hasSizeGreaterThan(2).last().returns((long) MODULE.length, Moved::bytes);
    assertThat(heard.ended).containsOnlyOnce(what);
  }

  /** Answers the first requests in these ways. */
  private void breakOff(String method, String path, Answer... answers) {
    faults.addAll(List.of(answers));
    registry.guard(
        request ->
            request.method().equals(method) && request.path().equals(path)
                ? Optional.ofNullable(faults.poll())
                : Optional.empty());
  }

  private void takeUploads() {
    var created = Answer.of(201, Map.of(), new byte[0]);
    registry.guard(
        request ->
            switch (request.method()) {
              case "POST" -> Optional.of(Answer.of(202, Map.of("location", "/up"), new byte[0]));
              case "PUT" -> Optional.of(Optional.ofNullable(faults.poll()).orElse(created));
              default -> Optional.empty();
            });
  }

  private Outcome<FetchedModule> fetch() {
    return fetcher.fetch(reference("v1"));
  }

  private Outcome<String> push() {
    return pusher.push(pushed(), MODULE, Map.of());
  }

  private ModuleReference.Registry pushed() {
    return (ModuleReference.Registry)
        Outcomes.value(ModuleReferences.parse(registry.reference("pushed", "v2")));
  }

  private ModuleReference reference(String tag) {
    return Outcomes.value(ModuleReferences.parse(registry.reference(REPOSITORY, tag)));
  }
}
