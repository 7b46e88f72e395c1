package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModuleVerifierTest {
  private static final byte[] MODULE = "module".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private FetchedModule fetched;

  @BeforeEach
  void fetch() throws IOException {
    var file = Files.write(directory.resolve("policy.wasm"), MODULE);
    try (var fetcher =
        new ModuleFetcher(
            new ModuleStore(directory.resolve("store")), FetchLimits.defaults(), Set.of())) {
      fetched = Outcomes.value(ModuleReferences.parse("file://" + file).then(fetcher::fetch));
    }
  }

  @Test
  void givesTheBytes() {
    var verified = Outcomes.value(verify());
    assertThat(verified.content()).isEqualTo(MODULE);
    assertThat(verified.fetched()).isEqualTo(fetched);
  }

  @Test
  void detectsAnotherByte() throws IOException {
    Files.writeString(fetched.file(), "modulE");
    assertRefused();
  }

  @Test
  void detectsAppendedBytes() throws IOException {
    Files.writeString(fetched.file(), "module and more");
    assertRefused();
  }

  @Test
  void detectsMissingBytes() throws IOException {
    Files.writeString(fetched.file(), "mod");
    assertRefused();
  }

  @Test
  void detectsAMissingFile() throws IOException {
    Files.delete(fetched.file());
    assertRefused();
  }

  private Outcome<VerifiedModule> verify() {
    return new ModuleVerifier(_ -> Optional.empty(), new SignatureStore(directory))
        .verify(fetched, Requirement.NONE);
  }

  private void assertRefused() {
    var failure = Outcomes.failure(verify());
    assertThat(failure.reason()).isEqualTo(Reason.ModuleStoreFailed);
    assertThat(failure.message()).contains(fetched.digest().hex());
  }
}
