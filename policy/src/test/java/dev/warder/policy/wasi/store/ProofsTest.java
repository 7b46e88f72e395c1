package dev.warder.policy.wasi.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProofsTest {
  @TempDir private Path folder;

  @Test
  void aStatementIsKnownToTheNextProcessWithTheKey() {
    new DiskProofs(folder, key(1)).add("a");
    assertThat(new DiskProofs(folder, key(1)).contains("a")).isTrue();
    assertThat(new DiskProofs(folder, key(1)).contains("b")).isFalse();
  }

  @Test
  void nobodyWithAnotherKeyIsBelieved() throws IOException {
    new DiskProofs(folder, key(2)).add("a");
    assertThat(new DiskProofs(folder, key(1)).contains("a")).isFalse();
    try (var files = Files.list(folder.resolve("proofs"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void rememberingTwiceIsRememberingOnce() {
    var proofs = new DiskProofs(folder, key(1));
    proofs.add("a");
    proofs.add("a");
    assertThat(proofs.contains("a")).isTrue();
  }

  @Test
  void aFolderThatIsGoneOnlyMeansThatItIsProvenAgain() throws IOException {
    var proofs = new DiskProofs(folder, key(1));
    Files.delete(folder.resolve("proofs"));
    proofs.add("a");
    assertThat(proofs.contains("a")).isFalse();
  }

  @Test
  void theHeapRemembersTheLatest() {
    var proofs = new MemoryProofs();
    for (int i = 0; i < 20_000; i++) {
      proofs.add("statement " + i);
    }
    assertThat(proofs.contains("statement 0")).isFalse();
    assertThat(proofs.contains("statement 19999")).isTrue();
  }

  private static ProgramStoreKey key(int first) {
    var bytes = new byte[ProgramStoreKey.BYTES];
    bytes[0] = (byte) first;
    return ProgramStoreKey.of(bytes);
  }
}
