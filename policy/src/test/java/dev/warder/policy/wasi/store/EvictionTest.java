package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.FINGERPRINT;
import static dev.warder.policy.wasi.store.StoreFixture.KEY;
import static dev.warder.policy.wasi.store.StoreFixture.LIMITS;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.files;
import static dev.warder.policy.wasi.store.StoreFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvictionTest {
  /** Room for three programs of {@link #blobs} and not for four. */
  private static final long ROOM = 35_000;

  @TempDir Path directory;
  private DiskProgramStore store;

  @BeforeEach
  void open() {
    store = new DiskProgramStore(directory, KEY, FINGERPRINT, ROOM, LIMITS);
  }

  @Test
  void theOnesNotUsedForLongestGiveWay() throws IOException {
    for (int i = 1; i <= 3; i++) {
      put(i);
      usedAt(i, i);
    }
    store.find(module(1)).orElseThrow().close();
    put(4);
    assertThat(files(directory))
        .containsExactlyInAnyOrder(module(1).hex(), module(3).hex(), module(4).hex());
  }

  @Test
  void noneInUseGivesWay() throws Exception {
    try (var first = Outcomes.value(store.receive(module(1), source(blobs(1))))) {
      usedAt(1, 1);
      for (int i = 2; i <= 6; i++) {
        put(i);
        usedAt(i, i);
      }
      assertThat(files(directory)).contains(module(1).hex()).hasSize(3);
      StoreFixture.check(first, blobs(1));
    }
    put(7);
    assertThat(files(directory)).doesNotContain(module(1).hex());
  }

  @Test
  void aProgramInUseTwiceIsInUseUntilBothAreDone() throws IOException {
    var first = Outcomes.value(store.receive(module(1), source(blobs(1))));
    var second = store.find(module(1)).orElseThrow();
    usedAt(1, 1);
    first.close();
    first.close();
    for (int i = 2; i <= 5; i++) {
      put(i);
    }
    assertThat(files(directory)).contains(module(1).hex());
    second.close();
    put(6);
    assertThat(files(directory)).doesNotContain(module(1).hex());
  }

  @Test
  void aForgottenProgramIsNotInUse() {
    Outcomes.value(store.receive(module(1), source(blobs(1))));
    await()
        .untilAsserted(
            () -> {
              System.gc();
              usedAtIfThere(1);
              put(2);
              put(3);
              put(4);
              assertThat(file(directory, module(1))).doesNotExist();
            });
  }

  @Test
  void aSmallerLimitHoldsFromTheNextStartOn() throws IOException {
    put(1);
    usedAt(1, 1);
    put(2);
    new DiskProgramStore(directory, KEY, FINGERPRINT, ROOM / 3, LIMITS);
    assertThat(files(directory)).containsExactly(module(2).hex());
  }

  @Test
  void staysWithinItsSizeForAsLongAsProgramsCome() throws IOException {
    for (int i = 0; i < 200; i++) {
      put(i % 23);
      var size = 0L;
      for (var name : files(directory)) {
        size += Files.size(directory.resolve("programs").resolve(name));
      }
      assertThat(size).isLessThanOrEqualTo(ROOM);
      assertThat(files(directory)).contains(module(i % 23).hex());
    }
  }

  private void put(int i) {
    StoreFixture.put(store, module(i), blobs(i));
  }

  private void usedAt(int i, long second) throws IOException {
    Files.setLastModifiedTime(
        file(directory, module(i)), FileTime.from(Instant.ofEpochSecond(second)));
  }

  private void usedAtIfThere(int i) throws IOException {
    if (Files.exists(file(directory, module(i)))) {
      usedAt(i, 1);
    }
  }

  private static Digest module(int i) {
    return Digest.of(new byte[] {(byte) i});
  }

  /** 10,000 bytes that cannot be deflated. */
  private static Map<String, byte[]> blobs(int i) {
    var bytes = new byte[10_000];
    new Random(i).nextBytes(bytes);
    return Map.of("a", Arrays.copyOf(bytes, 5_000), "b", Arrays.copyOfRange(bytes, 5_000, 10_000));
  }
}
