package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileFetchTest {
  private static final byte[] MODULE = "module".getBytes(StandardCharsets.UTF_8);
  private static final FetchLimits LIMITS =
      new FetchLimits(
          MODULE.length, 1, 0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(9));

  @TempDir Path directory;
  private Path file;
  private ModuleFetcher fetcher;

  @BeforeEach
  void write() throws IOException {
    file = Files.write(directory.resolve("policy.wasm"), MODULE);
    fetcher = new ModuleFetcher(new ModuleStore(directory.resolve("store")), LIMITS, Set.of());
  }

  @AfterEach
  void close() {
    fetcher.close();
  }

  @Test
  void copiesTheFile() throws IOException {
    var module = Outcomes.value(fetch());
    Files.writeString(file, "later");
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.immutableReference()).isEqualTo("file://" + file);
    assertThat(Files.readAllBytes(module.file())).isEqualTo(MODULE);
  }

  @Test
  void keepsToThePinnedModule() throws IOException {
    var first = Outcomes.value(fetch());
    Files.writeString(file, "later");
    assertThat(fetcher.fetchPinned(first.reference(), first.immutableReference(), first.digest()))
        .isEqualTo(Outcome.done(first));
    Files.delete(first.file());
    assertThat(
            Outcomes.failure(
                    fetcher.fetchPinned(
                        first.reference(), first.immutableReference(), first.digest()))
                .reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void followsTheLinksOfAMountedConfigMap() throws IOException {
    var version = Files.createDirectory(directory.resolve("..2026_01"));
    Files.move(file, version.resolve("policy.wasm"));
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(file, Path.of("..data/policy.wasm"));
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void saysThatItIsMissing() throws IOException {
    Files.delete(file);
    assertFails(Reason.ModuleNotFound, "does not exist");
  }

  @Test
  void refusesAFolder() throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
    assertFails(Reason.ModuleNotFound, "not a regular file");
  }

  @Test
  void refusesADevice() {
    file = Path.of("/dev/zero");
    assertFails(Reason.ModuleNotFound, "not a regular file");
  }

  @Test
  void followsLinksToFiles() throws IOException {
    var link = Files.createSymbolicLink(directory.resolve("link"), file);
    file = link;
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    Files.writeString(file, "modules");
    assertFails(Reason.ModuleTooLarge, "limit of 6 bytes");
  }

  private void assertFails(Reason reason, String message) {
    var failure = Outcomes.failure(fetch());
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(file.toString()).contains(message);
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse("file://" + file).then(fetcher::fetch);
  }
}
