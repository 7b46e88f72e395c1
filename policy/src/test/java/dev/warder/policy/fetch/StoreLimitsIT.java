package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store lets go, and what it fetches only once. */
final class StoreLimitsIT {
  private static final String REPOSITORY = "policies/labels";
  private static final int MODULE_BYTES = 10_000;

  /** Room for three modules with their manifests and not for four. */
  private static final long ROOM = 35_000;

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleStore store;
  private ModuleFetcher fetcher;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    for (int i = 1; i <= 5; i++) {
      registry.push(REPOSITORY, "v" + i, module(i));
    }
    store = new ModuleStore(directory, ROOM);
    fetcher = new ModuleFetcher(store, FetchLimits.defaults(), Set.of(registry.host()));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void letsGoWhatWasNotUsedForLongest() throws IOException {
    for (int i = 1; i <= 3; i++) {
      store(i);
      usedAt(i, i);
    }
    assertThat(store.find(digest(1))).isPresent();
    store(4);
    assertThat(stored()).contains(1, 3, 4).doesNotContain(2);
  }

  @Test
  void keepsWhatSomebodyHasWithTheWayToIt() throws IOException {
    var held = Outcomes.value(fetch(1));
    usedAt(1, 1);
    for (int i = 2; i <= 5; i++) {
      store(i);
      usedAt(i, i);
    }
    assertThat(stored()).contains(1, 5).doesNotContain(2);
    registry.close();
    assertThat(fetcher.fetchPinned(held.reference(), held.immutableReference(), held.digest()))
        .isEqualTo(Outcome.done(held));
  }

  @Test
  void letsGoWhatNobodyHasAnyMore() throws IOException {
    Outcomes.value(fetch(1));
    usedAt(1, 1);
    Awaitility.await("the garbage collector")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              System.gc();
              for (int i = 2; i <= 5; i++) {
                store(i);
              }
              return !stored().contains(1);
            });
  }

  @Test
  void keepsAModuleThatIsLargerThanTheStore() {
    registry.push(REPOSITORY, "large", new byte[(int) ROOM + 1]);
    var module = Outcomes.value(fetcher.fetch(reference("large")));
    assertThat(module.file()).exists();
  }

  @Test
  void downloadsOnceWhatManyWant() throws Exception {
    var blob = FaultyRegistry.blob(REPOSITORY, digest(1));
    var go = new CountDownLatch(1);
    registry.guard(
        request ->
            request.path().equals(blob)
                ? Optional.of(
                    connection -> {
                      go.await(20, TimeUnit.SECONDS);
                      Answer.ok("application/octet-stream", module(1)).send(connection);
                    })
                : Optional.empty());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetches = new ArrayList<Future<Outcome<FetchedModule>>>();
      for (int i = 0; i < 8; i++) {
        fetches.add(threads.submit(() -> fetch(1)));
      }
      var manifest = FaultyRegistry.manifest(REPOSITORY, "v1");
      Awaitility.await().until(() -> registry.requests(manifest) == 8);
      go.countDown();
      for (var fetch : fetches) {
        assertThat(Outcomes.value(fetch.get(20, TimeUnit.SECONDS)).digest()).isEqualTo(digest(1));
      }
    }
    assertThat(registry.requests(blob)).isOne();
  }

  /** As one stores it who does not go on with it. */
  private void store(int i) {
    Outcomes.value(
        store.receive(
            Optional.of(digest(i)),
            "test",
            sink -> {
              try {
                sink.write(ByteBuffer.wrap(module(i)));
                return Outcome.done(i);
              } catch (IOException e) {
                return ModuleStore.failed(e);
              }
            }));
  }

  private Outcome<FetchedModule> fetch(int i) {
    return fetcher.fetch(reference("v" + i));
  }

  private ModuleReference reference(String tag) {
    return Outcomes.value(ModuleReferences.parse(registry.reference(REPOSITORY, tag)));
  }

  private Set<Integer> stored() throws IOException {
    var found = new HashSet<Integer>();
    for (int i = 1; i <= 5; i++) {
      if (Files.exists(file(i))) {
        found.add(i);
      }
    }
    return found;
  }

  private void usedAt(int i, int second) throws IOException {
    Files.setLastModifiedTime(file(i), FileTime.from(Instant.ofEpochSecond(second)));
  }

  private Path file(int i) {
    return directory.resolve("sha256").resolve(digest(i).hex());
  }

  private static Digest digest(int i) {
    return Digest.of(module(i));
  }

  private static byte[] module(int i) {
    return String.valueOf(i).repeat(MODULE_BYTES).getBytes(StandardCharsets.UTF_8);
  }
}
