package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.put;
import static dev.warder.policy.wasi.store.StoreFixture.small;
import static dev.warder.policy.wasi.store.StoreFixture.store;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes are parsed as an index, they are refused, or every entry lies within the file. */
final class ProgramIndexFuzzTest {
  private static final int ROUNDS = 100_000;
  private static final int TRAILER = 36;

  @TempDir Path directory;

  @Test
  void anyBytesAreParsedOrRefused() {
    var random = new Random(1);
    for (int i = 0; i < ROUNDS; i++) {
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length >= 4) {
        ByteBuffer.wrap(bytes).putInt(ProgramIndex.VERSION);
      }
      parse(bytes, 8 + random.nextInt(100));
    }
  }

  @Test
  void aChangedIndexIsParsedOrRefused() throws IOException {
    var index = index();
    var end = Files.size(file(directory, MODULE)) - TRAILER - index.length;
    assertThat(parse(index, end)).isTrue();
    var random = new Random(2);
    var accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var bytes = Arrays.copyOf(index, index.length - Math.max(0, random.nextInt(40) - 30));
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) edge(random);
      }
      accepted += parse(bytes, end) ? 1 : 0;
    }
    assertThat(accepted).as("some changes hit hashes only").isPositive();
  }

  private static int edge(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 0xff;
      case 2 -> 0x7f;
      default -> random.nextInt();
    };
  }

  private byte[] index() throws IOException {
    put(store(directory), MODULE, small());
    var all = Files.readAllBytes(file(directory, MODULE));
    var length = ByteBuffer.wrap(all).getInt(all.length - TRAILER);
    return Arrays.copyOfRange(all, all.length - TRAILER - length, all.length - TRAILER);
  }

  private static boolean parse(byte[] bytes, long end) {
    ProgramIndex index;
    try {
      index = ProgramIndex.parse(bytes, 8, end);
    } catch (ProgramDamagedException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
    var names = index.names();
    for (int i = 0; i < names.size(); i++) {
      var entry = index.entry(i);
      assertThat(entry.offset()).isBetween(8L, end - entry.stored());
      assertThat(entry.length()).isGreaterThanOrEqualTo(entry.stored());
      index.hasHash(i, bytes);
    }
    index.find("class/A");
    return true;
  }
}
