package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Fuzz;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a registry, a layout or a Secret holds, a value or a failure comes out. */
final class FetchFuzzTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final String SECRET = "s3cr3t";
  private static final JsonMapper JSON = new JsonMapper();
  private static final URI BASE = URI.create("https://host.test/v2/a/referrers/" + DIGEST);

  private static final String IMAGE =
      """
      {"schemaVersion": 2, "mediaType": "%s", "artifactType": "application/x",
       "config": {"mediaType": "application/vnd.wasm.config.v1+json", "size": 2, "digest": "%s"},
       "layers": [{"mediaType": "%s", "digest": "%s", "size": 17}],
       "subject": {"mediaType": "%s", "digest": "%s", "size": 3}, "annotations": {"a": "b"}}"""
          .formatted(
              FaultyRegistry.MANIFEST,
              DIGEST,
              FaultyRegistry.MODULE_LAYER,
              DIGEST,
              FaultyRegistry.MANIFEST,
              DIGEST);
  private static final String INDEX =
      """
      {"schemaVersion": 2, "mediaType": "%s", "manifests": [
       {"mediaType": "%s", "digest": "%s", "size": 1,
        "platform": {"os": "wasip1", "architecture": "wasm"}},
       {"mediaType": "%s", "digest": "%s", "size": 9000000000,
        "annotations": {"org.opencontainers.image.ref.name": "v1"}}]}"""
          .formatted(
              FaultyRegistry.INDEX,
              FaultyRegistry.MANIFEST,
              DIGEST,
              FaultyRegistry.MANIFEST,
              Digest.of(new byte[0]));
  private static final String DOCKER_CONFIG =
      """
      {"auths": {"https://index.docker.io/v1/": {"auth": "%s"},
       "host.test/a/b": {"username": "bob", "password": "%s"},
       "other.test:5000": {"identitytoken": "%s"}, "third.test": {"registrytoken": "%s"}},
       "credHelpers": {"fourth.test": "gcloud"}, "credsStore": "pass"}"""
          .formatted(base64("bob:" + SECRET), SECRET, SECRET, SECRET);

  @Property(tries = Fuzz.TRIES)
  void images(@ForAll long seed) {
    Fuzz.changed(seed, utf8(IMAGE), bytes -> checkManifest(bytes, FaultyRegistry.MANIFEST));
  }

  @Property(tries = Fuzz.TRIES)
  void indexes(@ForAll long seed) {
    Fuzz.changed(
        seed,
        utf8(INDEX),
        bytes -> {
          checkManifest(bytes, FaultyRegistry.INDEX);
          check(
              LayoutIndex.parse(bytes, "it")
                  .then(index -> index.only(entry -> !entry.isCompanion(), "module", "it")));
        });
  }

  private static void checkManifest(byte[] bytes, String type) {
    for (var sent : List.of(type, "")) {
      var manifest = new RawManifest(bytes, sent, "it");
      check(ManifestLinks.of(manifest));
      var module = new ManifestChain(digest -> Outcome.done(manifest)).module(manifest);
      check(module);
      if (module instanceof Outcome.Done<ManifestDocument.Descriptor>(var layer)) {
        assertThat(layer.size()).isNotNegative();
        assertThat(layer.mediaType()).isEqualTo(FaultyRegistry.MODULE_LAYER);
      }
    }
  }

  @Property(tries = Fuzz.TRIES)
  void dockerConfigs(@ForAll long seed) {
    Fuzz.changed(
        seed,
        utf8(DOCKER_CONFIG),
        bytes -> {
          check(DockerConfig.parseWithHelpers(bytes));
          var said =
              switch (DockerConfig.parse(bytes)) {
                case Outcome.Failed<DockerConfig>(var failure) -> failure.message();
                case Outcome.Done<DockerConfig>(var config) -> {
                  assertThat(config.find("nobody.test", "a/b/c")).isEmpty();
                  yield config + " " + config.find("host.test", "a/b/c");
                }
              };
          if (!isNamedAsAHost(bytes)) {
            assertThat(said).doesNotContain(SECRET).doesNotContain(base64("bob:" + SECRET));
          }
        });
  }

  /** The names of entries are no secrets, even if a change has moved one there. */
  private static boolean isNamedAsAHost(byte[] config) {
    try {
      return JSON.readTree(config).path("auths").properties().stream()
          .anyMatch(entry -> entry.getKey().contains("s3") || entry.getKey().contains("Ym9i"));
    } catch (IOException e) {
      return false;
    }
  }

  @Property(tries = Fuzz.TRIES)
  void links(@ForAll long seed) {
    Fuzz.changed(
        seed,
        utf8("</v2/a/referrers/x?n=1&last=%20b>; rel=\"prev next\"; title=x, <?n=2>; rel=last"),
        bytes ->
            check(NextLink.parse(List.of(new String(bytes, StandardCharsets.ISO_8859_1)), BASE)));
  }

  private static void check(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Failed<?>(var failure)) {
      assertThat(failure.message()).isNotBlank().doesNotContain("\n");
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
