package dev.warder.policy.wasi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramStoreKeyTest {
  @TempDir Path directory;

  @Test
  void isCreatedOnceForThisUserOnly() throws IOException {
    var file = directory.resolve("deep/down/key");
    var first = ProgramStoreKey.fromFile(file);
    assertThat(Files.size(file)).isEqualTo(ProgramStoreKey.BYTES);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(mac(ProgramStoreKey.fromFile(file))).isEqualTo(mac(first));
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void isAnotherForEveryFile() {
    assertThat(mac(ProgramStoreKey.fromFile(directory.resolve("a"))))
        .isNotEqualTo(mac(ProgramStoreKey.fromFile(directory.resolve("b"))));
  }

  @Test
  void isTheSameForAllThatCreateItAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      var file = directory.resolve("key" + round);
      Callable<String> create = () -> mac(ProgramStoreKey.fromFile(file));
      var macs = new HashSet<String>();
      try (var threads = Executors.newFixedThreadPool(8)) {
        for (var future : threads.invokeAll(Stream.generate(() -> create).limit(8).toList())) {
          macs.add(future.get());
        }
      }
      assertThat(macs).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----", "r--------"})
  void isRefusedWithAnotherMode(String mode) throws IOException {
    var file = directory.resolve("key");
    ProgramStoreKey.fromFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    refused(file, "its mode is " + mode + " instead of rw-------");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 100_000})
  void isRefusedWithAnotherLength(int length) throws IOException {
    var file = directory.resolve("key");
    ProgramStoreKey.fromFile(file);
    Files.write(file, new byte[length]);
    refused(file, "it does not hold 32 bytes");
  }

  @Test
  void isRefusedWhenItBelongsToSomebodyElse() throws IOException {
    var file = directory.resolve("key");
    ProgramStoreKey.fromFile(file);
    try {
      Files.setAttribute(file, "unix:uid", 4711);
    } catch (IOException e) {
      Assumptions.abort("only root can give files away: " + e);
    }
    refused(file, "it belongs to user 4711");
  }

  @Test
  void isRefusedWhenItIsALinkOrAFolder() throws IOException {
    var file = directory.resolve("key");
    ProgramStoreKey.fromFile(file);
    var link = Files.createSymbolicLink(directory.resolve("link"), file);
    refused(link, "it is not a regular file");
    refused(directory, "it is not a regular file");
  }

  @Test
  void ofBytesHasTheirLengthChecked() {
    assertThatThrownBy(() -> ProgramStoreKey.of(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the program store's key has 16 bytes instead of 32");
  }

  @Test
  void isNeverPrinted() {
    assertThat(StoreFixture.key(7)).hasToString("ProgramStoreKey");
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> ProgramStoreKey.fromFile(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the program store's key " + file + " cannot be used: " + why);
  }

  private static String mac(ProgramStoreKey key) {
    return HexFormat.of().formatHex(ProgramFile.mac(key, new byte[1]));
  }
}
