package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.controlplane.GoTool;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.PrivateRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import land.oras.Annotations;
import land.oras.ArtifactType;
import land.oras.Config;
import land.oras.ContainerRef;
import land.oras.Index;
import land.oras.LocalPath;
import land.oras.Manifest;
import land.oras.Platform;
import land.oras.Registry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that oras-java and crane pushed, over TLS and with a password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OtherPushersIT {
  private static final int PIECE = 1 << 20;
  private static final byte[] MODULE = module(3 * PIECE);

  private final ExecutorService transfers = Executors.newVirtualThreadPerTaskExecutor();
  private Path folder;
  private Path file;
  private PrivateRegistry registry;
  private Registry oras;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    folder = directory;
    file = Files.write(folder.resolve("policy.wasm"), MODULE);
    registry = PrivateRegistry.start(folder);
    oras =
        Registry.builder()
            .defaults(PrivateRegistry.USER, PrivateRegistry.PASSWORD)
            .withCaContent(registry.authority())
            .withExecutorService(transfers)
            .build();
  }

  @AfterAll
  void stop() {
    transfers.close();
    registry.close();
  }

  @Test
  void anArtifactOfOras() {
    assertFetched("artifact", pushArtifact("artifact", file).getDescriptor().getDigest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/vnd.wasm.config.v1+json", "application/octet-stream"})
  void anArtifactWithAConfig(String type) {
    var to = to("config");
    var layer =
        oras.pushBlob(to, file, Map.of("org.opencontainers.image.title", "policy.wasm"))
            .withMediaType(FaultyRegistry.MODULE_LAYER);
    var config = oras.pushConfig(to, Config.empty().withMediaType(type));
    var manifest =
        oras.pushManifest(to, Manifest.empty().withConfig(config).withLayers(List.of(layer)));
    assertFetched("config", manifest.getDescriptor().getDigest());
  }

  @Test
  void aModuleThatOrasSentInPieces() {
    var to = to("pieces");
    var layer = oras.pushBlobChunked(to, file, PIECE).withMediaType(FaultyRegistry.MODULE_LAYER);
    var config = oras.pushConfig(to, Config.empty());
    var manifest =
        oras.pushManifest(to, Manifest.empty().withConfig(config).withLayers(List.of(layer)));
    assertFetched("pieces", manifest.getDescriptor().getDigest());
  }

  @Test
  void anIndexOfOras() {
    var artifact = pushArtifact("index", file).getDescriptor();
    var index = oras.pushIndex(to("index"), Index.fromManifests(List.of(artifact)));
    assertFetched("index", index.getDescriptor().getDigest());
  }

  @Test
  void anIndexOfOrasForSeveralPlatforms() throws IOException {
    var other = Files.write(folder.resolve("other.wasm"), new byte[] {0, 'a', 's', 'm'});
    var platforms =
        List.of(
            pushArtifact("platforms", other).getDescriptor().withPlatform(Platform.linuxAmd64()),
            pushArtifact("platforms", file)
                .getDescriptor()
                .withPlatform(Platform.of("wasip1", "wasm")));
    var index = oras.pushIndex(to("platforms"), Index.fromManifests(platforms));
    assertFetched("platforms", index.getDescriptor().getDigest());
  }

  @Test
  void anArtifactOfCrane() {
    assertFetched("crane", digest(registry.push("policies/crane", "v1", MODULE)));
  }

  @Test
  void anIndexOfCrane() {
    var image = registry.push("policies/crane-index", "image", MODULE);
    var index =
        registry.run(GoTool.CRANE, "index", "append", "-m", image, "-t", name("crane-index"));
    assertFetched("crane-index", digest(index.strip()));
  }

  @Test
  void aModuleThatCranePackedAsTheLayerOfAnImage() {
    registry.run(
        GoTool.CRANE, "append", "--oci-empty-base", "-f", file.toString(), "-t", name("image"));
    var failure = Outcomes.failure(fetch("image:v1"));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleLayersInvalid);
    assertThat(failure.message())
        .contains("application/vnd.oci.image.layer.v1.tar+gzip", FaultyRegistry.MODULE_LAYER);
  }

  private Manifest pushArtifact(String repository, Path module) {
    return oras.pushArtifact(
        to(repository),
        ArtifactType.from("application/vnd.kubewarden.policy"),
        Annotations.empty(),
        Config.empty(),
        LocalPath.of(module, FaultyRegistry.MODULE_LAYER));
  }

  private void assertFetched(String repository, String manifest) {
    for (var reference : List.of(repository + ":v1", repository + "@" + manifest)) {
      var module = Outcomes.value(fetch(reference));
      assertThat(module.file()).as(reference).hasBinaryContent(MODULE);
      assertThat(module.manifest()).map(Object::toString).as(reference).hasValue(manifest);
    }
  }

  /** Into a store of its own, so that nothing helps that was fetched before. */
  private Outcome<FetchedModule> fetch(String reference) {
    try (var fetcher =
        new ModuleFetcher(
            new ModuleStore(Files.createTempDirectory(folder, "store")),
            FetchLimits.defaults(),
            registry.sources())) {
      return ModuleReferences.parse("registry://" + registry.host() + "/policies/" + reference)
          .then(fetcher::fetch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ContainerRef to(String repository) {
    return ContainerRef.parse(name(repository));
  }

  private String name(String repository) {
    return registry.host() + "/policies/" + repository + ":v1";
  }

  private static String digest(String name) {
    return name.substring(name.indexOf('@') + 1);
  }

  private static byte[] module(int size) {
    var bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    System.arraycopy(new byte[] {0, 'a', 's', 'm'}, 0, bytes, 0, 4);
    return bytes;
  }
}
