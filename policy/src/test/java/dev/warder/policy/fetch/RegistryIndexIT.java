package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tag can lead to besides the manifest of one module. */
final class RegistryIndexIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleFetcher fetcher;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), FetchLimits.defaults(), Set.of(registry.host()));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void pullsThroughAnIndex() {
    var index = registry.pushIndex(REPOSITORY, "v1", registry.push(REPOSITORY, "module", MODULE));
    var module = Outcomes.value(fetch());
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.immutableReference()).endsWith(":v1@" + index);
  }

  @Test
  void refusesAnIndexInAnIndex() {
    var inner =
        registry.pushIndex(REPOSITORY, "inner", registry.push(REPOSITORY, "module", MODULE));
    registry.pushIndex(REPOSITORY, "v1", inner);
    assertFails(Reason.ModuleManifestInvalid, "an index inside an index");
  }

  @Test
  void refusesAnotherManifestThanTheIndexNames() {
    var named = registry.push(REPOSITORY, "module", MODULE);
    registry.pushIndex(REPOSITORY, "v1", named);
    var other =
        FaultyRegistry.imageManifest(FaultyRegistry.MODULE_LAYER, named.toString(), 9)
            .getBytes(StandardCharsets.UTF_8);
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, named.toString()),
        Answer.ok(FaultyRegistry.MANIFEST, other));
    assertFails(Reason.ModuleDigestMismatch, "instead of " + named);
  }

  @Test
  void refusesAnEmptyIndex() {
    registry.pushIndex(REPOSITORY, "v1");
    assertFails(Reason.ModuleManifestInvalid, "an index of 0 manifests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/wasm", "application/vnd.oci.image.layer.v1.tar+gzip", "text/html"})
  void refusesLayersOfAnotherType(String type) {
    var blob = registry.putBlob(REPOSITORY, MODULE);
    registry.pushManifest(
        REPOSITORY,
        "v1",
        FaultyRegistry.MANIFEST,
        FaultyRegistry.imageManifest(type, blob.toString(), MODULE.length));
    assertFails(Reason.ModuleLayersInvalid, type);
    assertThat(registry.requests(FaultyRegistry.blob(REPOSITORY, blob))).isZero();
  }

  @Test
  void refusesAPageInPlaceOfAManifest() {
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, "v1"),
        Answer.ok("text/html", "<html>".getBytes(StandardCharsets.UTF_8)));
    assertFails(Reason.ModuleManifestInvalid, "not JSON");
  }

  @Test
  void refusesOtherKindsOfDigests() {
    registry.pushManifest(
        REPOSITORY,
        "v1",
        FaultyRegistry.MANIFEST,
        FaultyRegistry.imageManifest(
            FaultyRegistry.MODULE_LAYER, "sha512:" + "0".repeat(128), MODULE.length));
    assertFails(Reason.ModuleManifestInvalid, "sha512:");
  }

  @Test
  void endsWhenItIsInterrupted() {
    registry.fault(FaultyRegistry.manifest(REPOSITORY, "v1"), Answer.silence());
    Thread.currentThread().interrupt();
    assertFails(Reason.ModuleSourceUnreachable, "interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private void assertFails(Reason reason, String message) {
    var failure = Outcomes.failure(fetch());
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private Outcome<FetchedModule> fetch() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch);
  }
}
