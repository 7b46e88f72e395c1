package dev.warder.policy.wasi.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A store in a folder, and programs to put into it. */
final class StoreFixture {
  static final Digest MODULE = Digest.of(new byte[] {1});
  static final Digest OTHER = Digest.of(new byte[] {2});
  static final ProgramStoreKey KEY = key(7);
  static final String FINGERPRINT = "engine 1, JDK 25, format 1";
  static final long ROOM = 1 << 20;
  static final ProgramLimits LIMITS = new ProgramLimits(100, 64, 100_000, 1_000_000);

  private StoreFixture() {}

  static ProgramStoreKey key(int fill) {
    var bytes = new byte[ProgramStoreKey.BYTES];
    java.util.Arrays.fill(bytes, (byte) fill);
    return ProgramStoreKey.of(bytes);
  }

  static DiskProgramStore store(Path directory) {
    return new DiskProgramStore(directory, KEY, FINGERPRINT, ROOM, LIMITS);
  }

  static Path file(Path directory, Digest module) {
    return directory.resolve("programs").resolve(module.hex());
  }

  static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("programs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Small enough to try every byte of its file, with blobs that are deflated and ones that are not.
   */
  static Map<String, byte[]> small() {
    var blobs = new TreeMap<String, byte[]>();
    blobs.put("skeleton", bytes("x".repeat(200)));
    blobs.put("class/A", bytes("the class A"));
    blobs.put("class/B", bytes("the class B"));
    blobs.put("empty", new byte[0]);
    return blobs;
  }

  static ProgramSource source(Map<String, byte[]> blobs) {
    return sink -> {
      for (var blob : blobs.entrySet()) {
        sink.put(blob.getKey(), blob.getValue());
      }
      return Outcome.done("written");
    };
  }

  static void put(ProgramStore store, Digest module, Map<String, byte[]> blobs) {
    Outcomes.value(store.receive(module, source(blobs))).close();
  }

  /** Reads every blob of a program and compares it. */
  static void check(StoredProgram program, Map<String, byte[]> blobs)
      throws ProgramDamagedException {
    assertThat(program.names()).containsExactlyInAnyOrderElementsOf(blobs.keySet());
    for (var blob : blobs.entrySet()) {
      assertThat(program.read(blob.getKey()).orElseThrow())
          .as(blob.getKey())
          .isEqualTo(blob.getValue());
    }
  }
}
