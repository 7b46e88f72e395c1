package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was resolved once stays what it is, with the registry and without. */
final class PinIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "\0asm other".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleStore store;
  private ModuleFetcher fetcher;
  private Digest image;
  private FetchedModule first;

  @BeforeEach
  void fetchOnce() {
    registry = FaultyRegistry.start();
    image = registry.push(REPOSITORY, "v1", MODULE);
    store = new ModuleStore(directory);
    fetcher = new ModuleFetcher(store, FetchLimits.defaults(), Set.of(registry.host()));
    first = Outcomes.value(fetch());
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void namesTheManifestAndKeepsItsBytes() {
    assertThat(first.manifest()).contains(image);
    assertThat(store.find(image)).isPresent();
  }

  @Test
  void namesTheIndexAndKeepsAllOfTheWay() {
    var index = registry.pushIndex(REPOSITORY, "v1", image);
    var module = Outcomes.value(fetch());
    assertThat(module.manifest()).contains(index);
    registry.close();
    assertThat(fetchPinned(module)).isEqualTo(Outcome.done(module));
  }

  @Test
  void needsNoRegistryForWhatItCanProve() {
    registry.close();
    assertThat(fetchPinned(first)).isEqualTo(Outcome.done(first));
  }

  @Test
  void fetchesAManifestAgainByItsDigest() throws IOException {
    remove(image);
    registry.push(REPOSITORY, "v1", OTHER);
    assertThat(fetchPinned(first)).isEqualTo(Outcome.done(first));
    assertThat(registry.requests(FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE)))).isOne();
  }

  @Test
  void doesNotClaimAManifestThatItCannotProve() throws IOException {
    remove(image);
    registry.close();
    var module = Outcomes.value(fetchPinned(first));
    assertThat(module.digest()).isEqualTo(first.digest());
    assertThat(module.manifest()).isEmpty();
  }

  @Test
  void refusesAModuleThatTheManifestDoesNotLeadTo() {
    registry.push(REPOSITORY, "v2", OTHER);
    var other =
        Outcomes.value(
            ModuleReferences.parse(registry.reference(REPOSITORY, "v2")).then(fetcher::fetch));
    var failure =
        Outcomes.failure(
            fetcher.fetchPinned(first.reference(), first.immutableReference(), other.digest()));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleDigestMismatch);
    assertThat(failure.message()).contains(image + " leads to the module " + first.digest());
  }

  @Test
  void refusesAReplacedManifest() throws IOException {
    remove(image);
    registry.push(REPOSITORY, "other", OTHER);
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, image.toString()),
        Answer.ok(
            FaultyRegistry.MANIFEST,
            FaultyRegistry.imageManifest(
                    FaultyRegistry.MODULE_LAYER, Digest.of(OTHER).toString(), OTHER.length)
                .getBytes(StandardCharsets.UTF_8)));
    assertThat(Outcomes.failure(fetchPinned(first)).reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void refusesAReplacedLayer() throws IOException {
    remove(first.digest());
    registry.fault(
        FaultyRegistry.blob(REPOSITORY, first.digest()),
        Answer.ok("application/octet-stream", "asm\0".getBytes(StandardCharsets.UTF_8)));
    assertThat(Outcomes.failure(fetchPinned(first)).reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void doesNotBelieveAStoredManifestThatWasChanged() throws IOException {
    var stored = store.find(image).orElseThrow().file();
    Files.writeString(stored, Files.readString(stored).replace("\"size\": 4", "\"size\": 5"));
    assertThat(fetchPinned(first)).isEqualTo(Outcome.done(first));
    assertThat(store.find(image)).isPresent();
  }

  @Test
  void fetchesAgainWhatWasPinnedByTagAndLost() throws IOException {
    remove(image);
    remove(first.digest());
    assertThat(fetchPinned(first)).isEqualTo(Outcome.done(first));
  }

  @Test
  void hasNoManifestForAFile() throws IOException {
    var file = Files.write(directory.resolve("policy.wasm"), MODULE);
    ModuleReference reference = Outcomes.value(ModuleReferences.parse("file://" + file));
    assertThat(Outcomes.value(fetcher.fetch(reference)).manifest()).isEqualTo(Optional.empty());
    assertThat(fetcher.repository(reference)).isEmpty();
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch);
  }

  private Outcome<FetchedModule> fetchPinned(FetchedModule module) {
    return fetcher.fetchPinned(module.reference(), module.immutableReference(), module.digest());
  }

  private void remove(Digest digest) throws IOException {
    Files.delete(store.find(digest).orElseThrow().file());
  }
}
