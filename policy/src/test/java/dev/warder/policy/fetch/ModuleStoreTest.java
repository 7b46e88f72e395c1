package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModuleStoreTest {
  private static final byte[] MODULE = "module".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(MODULE);

  @TempDir Path directory;
  private ModuleStore store;

  @BeforeEach
  void open() {
    store = new ModuleStore(directory);
  }

  @Test
  void keepsModulesByDigest() throws IOException {
    var stored = Outcomes.value(put(MODULE, Optional.of(DIGEST)));
    assertThat(stored)
        .isEqualTo(
            new StoredModule(
                DIGEST, MODULE.length, directory.resolve("sha256").resolve(DIGEST.hex())));
    assertThat(Files.readAllBytes(stored.file())).isEqualTo(MODULE);
    assertThat(store.find(DIGEST)).contains(stored);
  }

  @Test
  void survivesRestart() {
    var stored = Outcomes.value(put(MODULE, Optional.empty()));
    assertThat(new ModuleStore(directory).find(DIGEST)).contains(stored);
  }

  @Test
  void storingTwiceIsTheSame() throws IOException {
    assertThat(put(MODULE, Optional.empty())).isEqualTo(put(MODULE, Optional.empty()));
    assertThat(files()).containsExactly(DIGEST.hex());
  }

  @Test
  void isPrivate() throws IOException {
    var stored = Outcomes.value(put(MODULE, Optional.empty()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored.file())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("sha256"))))
        .isEqualTo("rwx------");
  }

  @Test
  void refusesAnotherDigest() throws IOException {
    var failure = Outcomes.failure(put(MODULE, Optional.of(Digest.of(new byte[0]))));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleDigestMismatch);
    assertThat(failure.message()).contains(DIGEST.toString());
    assertThat(files()).isEmpty();
  }

  @Test
  void keepsNothingOfABrokenSource() throws IOException {
    Outcome<StoredModule> outcome =
        store.receive(
            Optional.empty(),
            "test",
            sink -> {
              write(sink, MODULE);
              return Outcome.failed(Reason.ModuleSourceUnreachable, "broke off");
            });
    assertThat(Outcomes.failure(outcome).reason()).isEqualTo(Reason.ModuleSourceUnreachable);
    assertThat(files()).isEmpty();
  }

  @Test
  void clearsWhatACrashLeft() throws IOException {
    Files.write(directory.resolve("sha256").resolve(IncomingModule.PREFIX + "1"), MODULE);
    assertThat(new ModuleStore(directory).find(DIGEST)).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void leavesAloneWhatIsBeingWritten() {
    var outcome =
        store.receive(
            Optional.empty(),
            "test",
            sink -> {
              write(sink, MODULE);
              return Outcome.done(new ModuleStore(directory).find(DIGEST));
            });
    assertThat(Outcomes.value(outcome).digest()).isEqualTo(DIGEST);
    assertThat(store.find(DIGEST)).isPresent();
  }

  @Test
  void forgetsCorruptFiles() throws IOException {
    var stored = Outcomes.value(put(MODULE, Optional.empty()));
    Files.writeString(stored.file(), "modulE");
    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(put(MODULE, Optional.empty())).isEqualTo(Outcome.done(stored));
    assertThat(store.find(DIGEST)).contains(stored);
  }

  @Test
  void saysWhenItCannotWrite() throws IOException {
    Files.delete(directory.resolve("sha256"));
    var failure = Outcomes.failure(put(MODULE, Optional.empty()));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleStoreFailed);
  }

  @Test
  void saysWhenTheFolderCannotBeUsed() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> new ModuleStore(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
  }

  private Outcome<StoredModule> put(byte[] bytes, Optional<Digest> expected) {
    return store.receive(
        expected,
        "test",
        sink -> {
          write(sink, bytes);
          return Outcome.done(bytes.length);
        });
  }

  private static void write(ByteSink sink, byte[] bytes) {
    try {
      sink.write(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(directory.resolve("sha256"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
