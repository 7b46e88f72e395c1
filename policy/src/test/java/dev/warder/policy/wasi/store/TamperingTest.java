package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.bytes;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.put;
import static dev.warder.policy.wasi.store.StoreFixture.small;
import static dev.warder.policy.wasi.store.StoreFixture.store;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a program's file: no blob is ever read that is not what was stored. */
final class TamperingTest {
  @TempDir Path directory;
  private DiskProgramStore store;
  private Path file;
  private byte[] good;

  @BeforeEach
  void fill() throws IOException {
    store = store(directory);
    put(store, MODULE, small());
    file = file(directory, MODULE);
    good = Files.readAllBytes(file);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    assertThat(noticed(good)).as("the untouched file").isFalse();
    for (int bit = 0; bit < good.length * 8; bit++) {
      var bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(noticed(bad)).as("bit %d of byte %d", bit % 8, bit / 8).isTrue();
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    for (int length = 0; length < good.length; length++) {
      assertThat(noticed(Arrays.copyOf(good, length))).as("%d bytes", length).isTrue();
    }
  }

  @Test
  void everythingAppendedOrInsertedIsNoticed() throws IOException {
    for (int at = 0; at <= good.length; at++) {
      var bad = Arrays.copyOf(good, good.length + 1);
      System.arraycopy(good, at, bad, at + 1, good.length - at);
      bad[at] = (byte) (at * 31);
      assertThat(noticed(bad)).as("a byte inserted at %d", at).isTrue();
    }
  }

  @Test
  void swappedBlobsAreNoticed() throws IOException {
    var bad = good.clone();
    var a = indexOf(bad, bytes("the class A"));
    var b = indexOf(bad, bytes("the class B"));
    System.arraycopy(good, a, bad, b, 11);
    System.arraycopy(good, b, bad, a, 11);
    assertThat(noticed(bad)).isTrue();
  }

  @Test
  void swappedNamesAreNoticed() throws IOException {
    var bad = good.clone();
    bad[indexOf(good, bytes("class/A")) + 6] = 'B';
    bad[indexOf(good, bytes("class/B")) + 6] = 'A';
    assertThat(noticed(bad)).isTrue();
  }

  @Test
  void aMixOfTwoGoodProgramsIsNoticed() throws IOException {
    var blobs = new TreeMap<>(small());
    blobs.put("class/A", bytes("the class Z"));
    put(store, MODULE, blobs);
    var second = Files.readAllBytes(file);
    assertThat(second).hasSameSizeAs(good);
    for (int cut = 1; cut < good.length; cut++) {
      var bad = good.clone();
      System.arraycopy(second, cut, bad, cut, good.length - cut);
      if (!Arrays.equals(bad, good) && !Arrays.equals(bad, second)) {
        assertThat(noticed(bad)).as("the second from byte %d", cut).isTrue();
      }
    }
  }

  @Test
  void randomDamageIsNoticed() throws IOException {
    var random = new Random(42);
    for (int i = 0; i < 3_000; i++) {
      var bad = good.clone();
      var from = random.nextInt(bad.length);
      var noise = new byte[1 + random.nextInt(Math.min(40, bad.length - from))];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, bad, from, noise.length);
      if (!Arrays.equals(bad, good)) {
        assertThat(noticed(bad)).as("seed 42, round %d", i).isTrue();
      }
    }
  }

  /**
   * Whether the store or a read refuses the file; fails if any blob differs from what was stored.
   */
  private boolean noticed(byte[] content) throws IOException {
    Files.write(file, content);
    var found = store.find(MODULE);
    if (found.isEmpty()) {
      assertThat(file).as("a file that is not used").doesNotExist();
      return true;
    }
    try (var program = found.get()) {
      StoreFixture.check(program, small());
      return false;
    } catch (ProgramDamagedException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return true;
    }
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i <= all.length - part.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not stored as it is");
  }
}
