package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.FINGERPRINT;
import static dev.warder.policy.wasi.store.StoreFixture.KEY;
import static dev.warder.policy.wasi.store.StoreFixture.LIMITS;
import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.OTHER;
import static dev.warder.policy.wasi.store.StoreFixture.ROOM;
import static dev.warder.policy.wasi.store.StoreFixture.check;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.files;
import static dev.warder.policy.wasi.store.StoreFixture.put;
import static dev.warder.policy.wasi.store.StoreFixture.small;
import static dev.warder.policy.wasi.store.StoreFixture.source;
import static dev.warder.policy.wasi.store.StoreFixture.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskProgramStoreTest {
  @TempDir Path directory;
  private DiskProgramStore store;

  @BeforeEach
  void open() {
    store = store(directory);
  }

  @Test
  void survivesRestart() throws Exception {
    put(store, MODULE, small());
    try (var program = store(directory).find(MODULE).orElseThrow()) {
      check(program, small());
    }
  }

  @Test
  void isPrivate() throws IOException {
    put(store, MODULE, small());
    assertThat(mode(directory.resolve("programs"))).isEqualTo("rwx------");
    assertThat(mode(file(directory, MODULE))).isEqualTo("rw-------");
    assertThat(files(directory)).containsExactly(MODULE.hex());
  }

  @Test
  void leavesNoTemporaryFileBehind() throws IOException {
    Outcomes.failure(store.receive(MODULE, source(Map.of("", new byte[1]))));
    assertThat(files(directory)).isEmpty();
  }

  @Test
  void doesNotLoadWhatWasWrittenWithAnotherKey() throws IOException {
    put(
        new DiskProgramStore(directory, StoreFixture.key(8), FINGERPRINT, ROOM, LIMITS),
        MODULE,
        small());
    assertThat(store.find(MODULE)).isEmpty();
    assertThat(files(directory)).as("removed").isEmpty();
  }

  @Test
  void doesNotLoadTheProgramOfAnotherModule() throws IOException {
    put(store, MODULE, small());
    Files.copy(file(directory, MODULE), file(directory, OTHER));
    assertThat(store.find(OTHER)).isEmpty();
    assertThat(files(directory)).as("the copy is removed").containsExactly(MODULE.hex());
  }

  @Test
  void replacesWhatWasMadeForAnotherEngine() throws Exception {
    var former = new DiskProgramStore(directory, KEY, "engine 0", ROOM, LIMITS);
    put(former, MODULE, Map.of("old", new byte[1]));
    assertThat(store.find(MODULE)).isEmpty();
    try (var inUse = former.find(MODULE).orElseThrow()) {
      put(store, MODULE, small());
      check(inUse, Map.of("old", new byte[1]));
    }
    assertThat(former.find(MODULE)).isEmpty();
    try (var program = store.find(MODULE).orElseThrow()) {
      check(program, small());
    }
  }

  @Test
  void noticesAChangeUnderAnOpenProgramAndRemovesTheFile() throws Exception {
    put(store, MODULE, small());
    var file = file(directory, MODULE);
    try (var program = store.find(MODULE).orElseThrow()) {
      var bytes = Files.readAllBytes(file);
      // Written in place, as somebody would who wants the open program to see it.
      bytes[ProgramFile.MAGIC.length]++;
      try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
        out.write(bytes);
      }
      assertThatThrownBy(() -> check(program, small()))
          .isInstanceOf(ProgramDamagedException.class)
          .hasMessageContaining(
              "the stored program of " + MODULE + " is damaged, its part class/A");
    }
    assertThat(files(directory)).isEmpty();
  }

  @Test
  void noticesThatTheFileOfAnOpenProgramWasCutShort() throws Exception {
    put(store, MODULE, small());
    try (var program = store.find(MODULE).orElseThrow()) {
      try (var out = new java.io.RandomAccessFile(file(directory, MODULE).toFile(), "rw")) {
        out.setLength(ProgramFile.MAGIC.length + 3);
      }
      assertThatThrownBy(() -> program.read("skeleton"))
          .isInstanceOf(ProgramDamagedException.class);
    }
  }

  @Test
  void anOpenProgramOutlivesItsName() throws Exception {
    put(store, MODULE, small());
    try (var program = store.find(MODULE).orElseThrow()) {
      Files.delete(file(directory, MODULE));
      check(program, small());
    }
  }

  @Test
  void anInterruptedThreadReadsAndHarmsNobody() throws Exception {
    try (var program = Outcomes.value(store.receive(MODULE, source(small())))) {
      Thread.currentThread().interrupt();
      try {
        check(program, small());
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
      } finally {
        Thread.interrupted();
      }
      check(program, small());
    }
  }

  @Test
  void anInterruptedThreadStoresToo() throws Exception {
    Thread.currentThread().interrupt();
    try {
      put(store, MODULE, small());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    try (var program = store.find(MODULE).orElseThrow()) {
      check(program, small());
    }
  }

  @Test
  void aClosedProgramSaysSo() {
    var program = Outcomes.value(store.receive(MODULE, source(small())));
    program.close();
    program.close();
    assertThatThrownBy(() -> program.read("skeleton"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the program was closed");
  }

  @Test
  void isNotLedAstrayByLinksAndFolders() throws IOException {
    put(store, MODULE, small());
    Files.createSymbolicLink(file(directory, OTHER), file(directory, MODULE));
    assertThat(store.find(OTHER)).isEmpty();
    Files.delete(file(directory, OTHER));
    Files.createDirectory(file(directory, OTHER));
    assertThat(store.find(OTHER)).isEmpty();
    assertThat(Outcomes.failure(store.receive(OTHER, source(small()))).reason())
        .isEqualTo(Reason.ModuleStoreFailed);
  }

  @Test
  void clearsWhatAKilledWriterLeft() throws IOException {
    var folder = directory.resolve("programs");
    var others = Files.createFile(folder.resolve(".incoming-0-killed"));
    var own = ".incoming-" + ProcessHandle.current().pid() + "-";
    var recent = Files.createFile(folder.resolve(own + "recent"));
    var old = Files.createFile(folder.resolve(own + "old"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
    store(directory);
    assertThat(others).doesNotExist();
    assertThat(old).doesNotExist();
    assertThat(recent).exists();
  }

  @Test
  void aWriterInThisProcessIsNotDisturbedByAnotherStore() throws Exception {
    var program =
        Outcomes.value(
            store.receive(
                MODULE,
                sink -> {
                  sink.put("a", new byte[1]);
                  store(directory);
                  sink.put("b", new byte[1]);
                  return dev.warder.policy.Outcome.done("written");
                }));
    try (program) {
      check(program, Map.of("a", new byte[1], "b", new byte[1]));
    }
  }

  @Test
  void anUnusableFolderIsSaid() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> store(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("program store " + file + " cannot be used");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }
}
