package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.LIMITS;
import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.OTHER;
import static dev.warder.policy.wasi.store.StoreFixture.check;
import static dev.warder.policy.wasi.store.StoreFixture.small;
import static dev.warder.policy.wasi.store.StoreFixture.source;
import static dev.warder.policy.wasi.store.StoreFixture.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every store. */
final class ProgramStoreTest {
  @TempDir static Path directory;

  static Stream<ProgramStore> stores() throws IOException {
    return Stream.of(
        store(Files.createTempDirectory(directory, "store")), new MemoryProgramStore(LIMITS));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void givesBackWhatWasStored(ProgramStore store) throws Exception {
    assertThat(store.find(MODULE)).isEmpty();
    try (var program = Outcomes.value(store.receive(MODULE, source(small())))) {
      assertThat(program.module()).isEqualTo(MODULE);
      check(program, small());
      assertThat(program.has("class/A")).isTrue();
      assertThat(program.has("class/C")).isFalse();
      assertThat(program.read("class/C")).isEmpty();
      try (var again = store.find(MODULE).orElseThrow()) {
        check(again, small());
      }
      assertThat(store.find(OTHER)).isEmpty();
      check(program, small());
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void replacesWhatWasThere(ProgramStore store) throws Exception {
    try (var first = Outcomes.value(store.receive(MODULE, source(small())));
        var second = Outcomes.value(store.receive(MODULE, source(Map.of("a", new byte[] {1}))));
        var found = store.find(MODULE).orElseThrow()) {
      check(first, small());
      check(second, Map.of("a", new byte[] {1}));
      check(found, Map.of("a", new byte[] {1}));
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void keepsNothingOfASourceThatFails(ProgramStore store) {
    var failure =
        Outcomes.failure(
            store.receive(
                MODULE,
                sink -> {
                  sink.put("a", new byte[1]);
                  return Outcome.failed(Reason.ModuleImportUnknown, "no such import");
                }));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleImportUnknown);
    assertThat(store.find(MODULE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("stores")
  void keepsNothingOfASourceThatThrows(ProgramStore store) {
    var failure =
        Outcomes.failure(
            store.receive(
                MODULE,
                sink -> {
                  sink.put("a", new byte[1]);
                  throw new IOException("no space");
                }));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleStoreFailed);
    assertThat(failure.message()).contains("no space");
    assertThat(store.find(MODULE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("stores")
  void doesNotMindWhatBecomesOfArrays(ProgramStore store) throws Exception {
    var content = new byte[] {1, 2, 3};
    try (var program =
        Outcomes.value(
            store.receive(
                MODULE,
                sink -> {
                  sink.put("a", content);
                  content[0] = 9;
                  return Outcome.done("written");
                }))) {
      program.read("a").orElseThrow()[0] = 8;
      check(program, Map.of("a", new byte[] {1, 2, 3}));
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void refusesWhatIsBeyondItsLimits(ProgramStore store) {
    var tooMany = new TreeMap<String, byte[]>();
    for (int i = 0; i <= LIMITS.blobs(); i++) {
      tooMany.put("blob" + i, new byte[0]);
    }
    var tooMuch = new TreeMap<String, byte[]>();
    for (int i = 0; i < 11; i++) {
      tooMuch.put("blob" + i, new byte[LIMITS.blobBytes()]);
    }
    refuses(store, source(tooMany), "more than 100 parts");
    refuses(store, source(tooMuch), "more than 1000000 bytes");
    refuses(store, source(Map.of("a", new byte[LIMITS.blobBytes() + 1])), "more than 100000");
    refuses(store, source(Map.of("", new byte[1])), "0 bytes instead of 1 to 64");
    refuses(store, source(Map.of("é".repeat(33), new byte[1])), "66 bytes instead of 1 to 64");
    refuses(store, source(Map.of("\ud800", new byte[1])), "not Unicode");
    refuses(
        store,
        sink -> {
          sink.put("twice", new byte[1]);
          sink.put("twice", new byte[1]);
          return Outcome.done("written");
        },
        "two parts with the name twice");
  }

  private static void refuses(ProgramStore store, ProgramSource source, String message) {
    var failure = Outcomes.failure(store.receive(MODULE, source));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleCompileFailed);
    assertThat(failure.message()).contains(message);
    assertThat(store.find(MODULE)).isEmpty();
  }
}
