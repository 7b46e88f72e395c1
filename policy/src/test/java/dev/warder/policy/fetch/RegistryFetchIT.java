package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Failure;
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
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a registry that behaves, and from the same registry when it does not. */
final class RegistryFetchIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm the first".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "\0asm another one".getBytes(StandardCharsets.UTF_8);
  private static final long MAX_MODULE = 100_000;
  private static final long MAX_MANIFEST = 10_000;
  private static final FetchLimits LIMITS =
      new FetchLimits(
          MAX_MODULE,
          MAX_MANIFEST,
          5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40));

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleFetcher fetcher;
  private Digest manifest;
  private String blobPath;
  private String manifestPath;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    manifest = registry.push(REPOSITORY, "v1", MODULE);
    blobPath = FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE));
    manifestPath = FaultyRegistry.manifest(REPOSITORY, "v1");
    fetcher = fetcher(LIMITS);
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void pullsATag() throws IOException {
    var module = Outcomes.value(fetch("v1"));
    assertThat(module.immutableReference())
        .isEqualTo(registry.reference(REPOSITORY, "v1") + "@" + manifest);
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.size()).isEqualTo(MODULE.length);
    assertThat(Files.readAllBytes(module.file())).isEqualTo(MODULE);
  }

  @Test
  void pullsADigest() {
    var text = "registry://" + registry.host() + "/" + REPOSITORY + "@" + manifest;
    var module = Outcomes.value(fetcher.fetch(reference(text)));
    assertThat(module.immutableReference()).isEqualTo(text);
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void downloadsAModuleOnce() {
    assertThat(fetch("v1")).isEqualTo(fetch("v1"));
    assertThat(registry.requests(blobPath)).isOne();
  }

  @Test
  void resolvesATagOnce() {
    Outcomes.value(fetch("v1"));
    assertThat(registry.requests(manifestPath)).isOne();
  }

  @Test
  void holdsOnToWhatATagMeantWhenItMoves() {
    var first = Outcomes.value(fetch("v1"));
    registry.push(REPOSITORY, "v1", OTHER);
    var pinned = reference(first.immutableReference());

    assertThat(Outcomes.value(fetch("v1")).digest()).isEqualTo(Digest.of(OTHER));
    assertThat(Outcomes.value(emptyFetcher().fetch(pinned)).digest()).isEqualTo(first.digest());
    assertThat(
            Outcomes.value(
                emptyFetcher()
                    .fetchPinned(first.reference(), first.immutableReference(), first.digest())))
        .satisfies(again -> assertThat(again.digest()).isEqualTo(first.digest()))
        .satisfies(again -> assertThat(again.reference()).isEqualTo(first.reference()));
  }

  @Test
  void takesAPinnedModuleFromTheStoreWithoutTheRegistry() {
    var first = Outcomes.value(fetch("v1"));
    registry.close();
    assertThat(fetcher.fetchPinned(first.reference(), first.immutableReference(), first.digest()))
        .isEqualTo(Outcome.done(first));
  }

  @Test
  void refusesAnotherModuleThanThePinnedOne() {
    var outcome =
        fetcher.fetchPinned(
            reference(registry.reference(REPOSITORY, "v1")),
            registry.reference(REPOSITORY, "v1"),
            Digest.of(OTHER));
    assertThat(Outcomes.failure(outcome).reason()).isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void refusesALayerWithAnotherDigest() throws IOException {
    var forged = MODULE.clone();
    forged[5]++;
    registry.fault(blobPath, Answer.ok("application/octet-stream", forged));
    assertFails(Reason.ModuleDigestMismatch, "instead of " + Digest.of(MODULE));
  }

  @Test
  void refusesAManifestWithAnotherDigestThanAskedFor() {
    registry.push(REPOSITORY, "v2", OTHER);
    var path = FaultyRegistry.manifest(REPOSITORY, manifest.toString());
    registry.fault(
        path, Answer.ok(FaultyRegistry.MANIFEST, imageManifest(Digest.of(OTHER), OTHER.length)));
    var pinned = reference(registry.reference(REPOSITORY, "v1") + "@" + manifest);
    assertThat(Outcomes.failure(fetcher.fetch(pinned)).reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void refusesAManifestWithAnotherDigestThanAnnounced() {
    registry.fault(
        manifestPath,
        Answer.of(
            200,
            Map.of(
                "content-type",
                FaultyRegistry.MANIFEST,
                "docker-content-digest",
                Digest.of(OTHER).toString()),
            imageManifest(Digest.of(MODULE), MODULE.length)));
    assertFails(Reason.ModuleDigestMismatch, "announced with " + Digest.of(OTHER));
  }

  @Test
  void endsAnEndlessManifest() {
    registry.fault(manifestPath, Answer.endless(200));
    assertFails(Reason.ModuleTooLarge, "limit of " + MAX_MANIFEST);
  }

  @Test
  void endsAnEndlessLayer() {
    registry.fault(blobPath, Answer.endless(200));
    assertFails(Reason.ModuleDigestMismatch, "goes on after the " + MODULE.length + " bytes");
  }

  @Test
  void refusesALayerThatSaysItIsTooLarge() {
    registry.fault(
        manifestPath,
        Answer.ok(FaultyRegistry.MANIFEST, imageManifest(Digest.of(MODULE), MAX_MODULE + 1)));
    assertFails(Reason.ModuleTooLarge, "limit of " + MAX_MODULE);
    assertThat(registry.requests(blobPath)).isZero();
  }

  @Test
  void doesNotReadEndlessErrorPages() {
    registry.fault(blobPath, Answer.endless(500));
    assertFails(Reason.ModuleSourceUnreachable, "HTTP 500");
  }

  @Test
  void endsASlowDrip() {
    registry.fault(blobPath, Answer.drip(MODULE, Duration.ofMillis(150)));
    fetcher = fetcher(limits(Duration.ofSeconds(20), Duration.ofSeconds(1)));
    assertFails(Reason.ModuleFetchTimeout, "was not over after 1000 ms");
  }

  @Test
  void endsASilentLayer() {
    registry.fault(blobPath, Answer.silenceAfterHalf(MODULE));
    fetcher = fetcher(limits(Duration.ofMillis(700), Duration.ofSeconds(40)));
    assertFails(Reason.ModuleFetchTimeout, "sent nothing for 700 ms");
  }

  @Test
  void endsASilentRegistry() {
    registry.fault(manifestPath, Answer.silence());
    fetcher = fetcher(limits(Duration.ofMillis(700), Duration.ofSeconds(40)));
    assertFails(Reason.ModuleFetchTimeout, "sent nothing for 700 ms");
  }

  @Test
  void reportsATruncatedLayer() {
    registry.fault(blobPath, Answer.truncated(MODULE));
    assertFails(Reason.ModuleSourceUnreachable, "broke off");
  }

  @Test
  void reportsAShortLayer() {
    registry.fault(blobPath, Answer.ok("application/octet-stream", new byte[3]));
    assertFails(Reason.ModuleSourceUnreachable, "ended after 3 of " + MODULE.length);
  }

  @Test
  void reportsAResetConnection() {
    registry.fault(blobPath, Answer.reset(MODULE));
    assertFails(Reason.ModuleSourceUnreachable, "broke off");
  }

  @Test
  void recoversWhenTheRegistryDoes() {
    registry.fault(blobPath, Answer.reset(MODULE));
    Outcomes.failure(fetch("v1"));
    registry.heal();
    assertThat(Outcomes.value(fetch("v1")).digest()).isEqualTo(Digest.of(MODULE));
  }

  @ParameterizedTest
  @CsvSource({
    "401, ModuleSourceDenied",
    "403, ModuleSourceDenied",
    "404, ModuleNotFound",
    "429, ModuleSourceUnreachable",
    "500, ModuleSourceUnreachable",
    "503, ModuleSourceUnreachable",
    "206, ModuleSourceUnreachable",
  })
  void tellsStatusCodesApart(int status, Reason reason) {
    registry.fault(manifestPath, Answer.status(status));
    assertFails(reason, "HTTP " + status);
    registry.heal();
    registry.fault(blobPath, Answer.status(status));
    assertFails(reason, "HTTP " + status);
  }

  @Test
  void saysThatATagIsMissing() {
    assertThat(Outcomes.failure(fetch("v9")).reason()).isEqualTo(Reason.ModuleNotFound);
  }

  @Test
  void saysThatNobodyListens() {
    registry.close();
    assertFails(Reason.ModuleSourceUnreachable, "no connection to http://" + registry.host());
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/x", "http://example.org/x"})
  void refusesRedirectsToOtherPlaces(String target) {
    registry.fault(blobPath, Answer.redirect(target));
    assertFails(Reason.ModuleSourceForbidden, "redirects to " + target);
    registry.fault(manifestPath, Answer.redirect(target));
    assertFails(Reason.ModuleSourceForbidden, "redirects to " + target);
  }

  @Test
  void endsARedirectLoop() {
    registry.fault(blobPath, Answer.redirect(blobPath));
    assertFails(Reason.ModuleSourceUnreachable, "redirects more than 5 times");
    assertThat(registry.requests(blobPath)).isEqualTo(6);
  }

  @Test
  void followsRedirectsOfBlobs() {
    registry.fault(blobPath, Answer.redirect("/storage/1?signature=secret"));
    registry.fault("/storage/1?signature=secret", Answer.ok("application/octet-stream", MODULE));
    assertThat(Outcomes.value(fetch("v1")).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void keepsSignedAddressesOutOfMessages() {
    registry.fault(blobPath, Answer.redirect("/storage/1?signature=secret"));
    assertThat(Outcomes.failure(fetch("v1")).message())
        .contains("/storage/1")
        .doesNotContain("secret");
  }

  @Test
  void neverSendsPlainHttpToAHostThatIsNotListed() {
    fetcher = new ModuleFetcher(store("other"), LIMITS, Set.of());
    assertFails(Reason.ModuleSourceUnreachable, "https://" + registry.host());
    assertThat(registry.requests(manifestPath)).isZero();
  }

  private void assertFails(Reason reason, String message) {
    Failure failure = Outcomes.failure(fetch("v1"));
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
    await("no connection stays open").until(() -> registry.openConnections() == 0);
    assertThat(new ModuleStore(directory.resolve("store")).find(Digest.of(MODULE))).isEmpty();
  }

  private Outcome<FetchedModule> fetch(String tag) {
    return fetcher.fetch(reference(registry.reference(REPOSITORY, tag)));
  }

  private ModuleFetcher fetcher(FetchLimits limits) {
    return new ModuleFetcher(store("store"), limits, Set.of(registry.host()));
  }

  private ModuleFetcher emptyFetcher() {
    return new ModuleFetcher(store("empty"), LIMITS, Set.of(registry.host()));
  }

  private ModuleStore store(String name) {
    return new ModuleStore(directory.resolve(name));
  }

  private static FetchLimits limits(Duration read, Duration total) {
    return new FetchLimits(MAX_MODULE, MAX_MANIFEST, 5, Duration.ofSeconds(5), read, total);
  }

  private static ModuleReference reference(String text) {
    return Outcomes.value(ModuleReferences.parse(text));
  }

  private static byte[] imageManifest(Digest layer, long size) {
    return FaultyRegistry.imageManifest(FaultyRegistry.MODULE_LAYER, layer.toString(), size)
        .getBytes(StandardCharsets.UTF_8);
  }
}
