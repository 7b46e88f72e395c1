package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.LayoutFiles;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules in layouts on disk. */
final class LayoutFetchTest {
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "\0asm other".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private LayoutFiles layout;
  private ModuleFetcher fetcher;

  @BeforeEach
  void start() throws IOException {
    layout = new LayoutFiles(directory.resolve("layout"));
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory.resolve("store")), FetchLimits.defaults(), Set.of());
  }

  @AfterEach
  void stop() {
    fetcher.close();
  }

  @Test
  void takesTheOnlyModule() throws IOException {
    var image = layout.putModule("", MODULE);
    layout.putModule("sha256-" + image.hex() + ".sig", OTHER);
    var module = Outcomes.value(fetch(""));
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.manifest()).contains(image);
    assertThat(module.immutableReference())
        .isEqualTo("oci-layout:" + layout.folder() + "@" + image);
  }

  @Test
  void takesTheTaggedModule() throws IOException {
    layout.putModule("v1", MODULE);
    var image = layout.putModule("v2", OTHER);
    assertThat(Outcomes.value(fetch(":v2")).digest()).isEqualTo(Digest.of(OTHER));
    assertThat(Outcomes.value(fetch("@" + image)).digest()).isEqualTo(Digest.of(OTHER));
    assertThat(Outcomes.failure(fetch("")).message()).contains("name one by tag or digest");
    assertThat(Outcomes.failure(fetch(":v3")).reason()).isEqualTo(Reason.ModuleNotFound);
  }

  @Test
  void followsAnIndex() throws IOException {
    var image = layout.putModule("other", MODULE);
    var index =
        layout.putManifest(
            "v1",
            FaultyRegistry.INDEX,
            "{\"schemaVersion\": 2, \"manifests\": [{\"mediaType\": \"%s\", \"digest\": \"%s\","
                    .formatted(FaultyRegistry.MANIFEST, image)
                + " \"size\": 1}]}");
    var module = Outcomes.value(fetch(":v1"));
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.manifest()).contains(index);
  }

  @Test
  void isPinnedWithoutTheFolder() throws IOException {
    layout.putModule("v1", MODULE);
    var module = Outcomes.value(fetch(":v1"));
    Files.delete(layout.folder().resolve("index.json"));
    assertThat(
            fetcher.fetchPinned(module.reference(), module.immutableReference(), module.digest()))
        .isEqualTo(Outcome.done(module));
  }

  @Test
  void followsLinksWithinTheFolder() throws IOException {
    layout.putModule("v1", MODULE);
    var data = Files.createDirectory(layout.folder().resolve("..2026_01"));
    Files.move(layout.folder().resolve("index.json"), data.resolve("index.json"));
    Files.createSymbolicLink(layout.folder().resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(layout.folder().resolve("index.json"), Path.of("..data/index.json"));
    assertThat(Outcomes.value(fetch(":v1")).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void refusesABlobThatIsALinkOutOfTheFolder() throws IOException {
    layout.putModule("v1", MODULE);
    replaceByLink(layout.blob(Digest.of(MODULE)));
    assertFails(":v1", Reason.ModuleSourceForbidden, "leaves the layout");
  }

  @Test
  void refusesAnIndexThatIsALinkOutOfTheFolder() throws IOException {
    layout.putModule("v1", MODULE);
    replaceByLink(layout.folder().resolve("index.json"));
    assertFails(":v1", Reason.ModuleSourceForbidden, "leaves the layout");
  }

  @Test
  void refusesBlobsInALinkedFolder() throws IOException {
    layout.putModule("v1", MODULE);
    replaceByLink(layout.folder().resolve("blobs"));
    assertFails(":v1", Reason.ModuleSourceForbidden, "leaves the layout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:../../../../etc/passwd",
        "sha256:..",
        "../../etc/passwd",
        "sha512:0123",
        "sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",
        "",
      })
  void refusesOddDigests(String digest) throws IOException {
    layout.addEntry("v1", FaultyRegistry.MANIFEST, digest, 1);
    assertFails(":v1", Reason.ModuleManifestInvalid, "without a sha256 digest");
  }

  @Test
  void refusesOtherBytesThanTheirNameSays() throws IOException {
    var image = layout.putModule("v1", MODULE);
    Files.write(layout.blob(Digest.of(MODULE)), "asm\0".getBytes(StandardCharsets.UTF_8));
    assertFails(":v1", Reason.ModuleDigestMismatch, "instead of " + Digest.of(MODULE));
    Files.writeString(layout.blob(image), "{}");
    // The manifest that the store has is the right one, but a tag is looked up in the folder.
    assertFails(":v1", Reason.ModuleDigestMismatch, "instead of " + image);
  }

  @Test
  void limitsManifests() throws IOException {
    layout.addEntry("v1", FaultyRegistry.MANIFEST, Digest.of(MODULE).toString(), 1);
    makeHuge(layout.blob(Digest.of(MODULE)));
    assertFails(":v1", Reason.ModuleTooLarge, "limit of");
    makeHuge(layout.folder().resolve("index.json"));
    assertFails(":v1", Reason.ModuleTooLarge, "index.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"manifests\": {}}", "{\"manifests\": [1]}"})
  void refusesAnUnreadableIndex(String json) throws IOException {
    Files.writeString(layout.folder().resolve("index.json"), json);
    assertFails(":v1", Reason.ModuleManifestInvalid, "index.json");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(Outcomes.failure(parsed("oci-layout:/no/such/folder:v1").then(fetcher::fetch)))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.ModuleNotFound))
        .satisfies(failure -> assertThat(failure.message()).contains("/no/such/folder/index.json"));
  }

  @Test
  void isARepository() throws IOException {
    var image = layout.putModule("v1", MODULE);
    var signature = layout.putModule("sha256-" + image.hex() + ".sig", OTHER);
    var repository = repository();
    assertThat(repository.name()).isEqualTo("oci-layout:" + layout.folder());
    assertThat(digest(repository.tagged("sha256-" + image.hex() + ".sig"))).contains(signature);
    assertThat(digest(repository.tagged("sha256-" + image.hex()))).isEmpty();
    assertThat(digest(repository.manifest(image))).contains(image);
    assertThat(digest(repository.manifest(Digest.of(new byte[1])))).isEmpty();
    assertThat(Outcomes.value(repository.blob(Digest.of(MODULE), 4))).isEqualTo(MODULE);
    assertThat(Outcomes.failure(repository.blob(Digest.of(MODULE), 3)).reason())
        .isEqualTo(Reason.ModuleTooLarge);
  }

  @Test
  void listsTheManifestsThatNameASubject() throws IOException {
    var image = layout.putModule("v1", MODULE);
    assertThat(Outcomes.value(repository().referrers(image))).isEmpty();
    var bundle =
        layout.putManifest(
            "",
            FaultyRegistry.MANIFEST,
            """
            {"schemaVersion": 2, "artifactType": "application/x-bundle", "layers": [],
             "subject": {"digest": "%s"}}"""
                .formatted(image));
    layout.putManifest(
        "",
        FaultyRegistry.MANIFEST,
        "{\"schemaVersion\": 2, \"layers\": [], \"subject\": {\"digest\": \"%s\"}}"
            .formatted(bundle));
    var index = Outcomes.value(repository().referrers(image)).orElseThrow();
    assertThat(new String(index.bytes(), StandardCharsets.UTF_8))
        .contains("application/x-bundle", bundle.toString())
        .containsOnlyOnce("artifactType");
  }

  @Test
  void fallsBackToTheTagForReferrers() throws IOException {
    var image = layout.putModule("v1", MODULE);
    var index =
        layout.putManifest(
            "sha256-" + image.hex(),
            FaultyRegistry.INDEX,
            "{\"schemaVersion\": 2, \"manifests\": []}");
    assertThat(digest(repository().referrers(image))).contains(index);
  }

  private void replaceByLink(Path file) throws IOException {
    var outside = directory.resolve("outside");
    Files.move(file, outside);
    Files.createSymbolicLink(file, outside);
  }

  private static void makeHuge(Path file) throws IOException {
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
  }

  private Repository repository() {
    return fetcher
        .repository(Outcomes.value(parsed("oci-layout:" + layout.folder())))
        .orElseThrow();
  }

  private static Optional<Digest> digest(Outcome<Optional<RawManifest>> outcome) {
    return Outcomes.value(outcome).map(RawManifest::digest);
  }

  private void assertFails(String suffix, Reason reason, String message) {
    var failure = Outcomes.failure(fetch(suffix));
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private Outcome<FetchedModule> fetch(String suffix) {
    return parsed("oci-layout:" + layout.folder() + suffix).then(fetcher::fetch);
  }

  private static Outcome<ModuleReference> parsed(String text) {
    return ModuleReferences.parse(text);
  }
}
