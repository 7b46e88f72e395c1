package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what stands beside a module in its repository. */
final class RegistryRepositoryIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final Digest UNKNOWN = Digest.of(new byte[1]);
  private static final String EMPTY_INDEX =
      "{\"schemaVersion\": 2, \"mediaType\": \"%s\", \"manifests\": []}"
          .formatted(FaultyRegistry.INDEX);

  @TempDir Path directory;
  private FaultyRegistry registry;
  private ModuleFetcher fetcher;
  private Repository repository;
  private Digest image;

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    image = registry.push(REPOSITORY, "v1", MODULE);
    fetcher =
        new ModuleFetcher(
            new ModuleStore(directory), FetchLimits.defaults(), Set.of(registry.host()));
    var reference = Outcomes.value(ModuleReferences.parse(registry.reference(REPOSITORY, "v1")));
    repository = fetcher.repository(reference).orElseThrow();
  }

  @AfterEach
  void stop() {
    fetcher.close();
    registry.close();
  }

  @Test
  void readsManifestsAndBlobs() {
    assertThat(repository.name()).isEqualTo(registry.host() + "/" + REPOSITORY);
    assertThat(digest(repository.tagged("v1"))).contains(image);
    assertThat(digest(repository.manifest(image))).contains(image);
    assertThat(Outcomes.value(repository.blob(Digest.of(MODULE), 4))).isEqualTo(MODULE);
  }

  @Test
  void tellsWhatIsNotThere() {
    assertThat(digest(repository.tagged("v2"))).isEmpty();
    assertThat(digest(repository.manifest(UNKNOWN))).isEmpty();
    assertThat(digest(repository.referrers(UNKNOWN))).isEmpty();
    assertThat(Outcomes.failure(repository.blob(UNKNOWN, 10)).reason())
        .isEqualTo(Reason.ModuleNotFound);
  }

  @Test
  void tellsWhatItCannotKnow() {
    registry.guard(request -> Optional.of(Answer.status(500)));
    assertThat(Outcomes.failure(repository.tagged("v1")).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
    assertThat(Outcomes.failure(repository.referrers(image)).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
  }

  @Test
  void limitsABlob() {
    assertThat(Outcomes.failure(repository.blob(Digest.of(MODULE), 3)).reason())
        .isEqualTo(Reason.ModuleTooLarge);
    registry.fault(FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE)), Answer.endless(200));
    assertThat(Outcomes.failure(repository.blob(Digest.of(MODULE), 1000)).reason())
        .isEqualTo(Reason.ModuleTooLarge);
  }

  @Test
  void refusesOtherBytesThanAskedFor() {
    registry.fault(
        FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE)), Answer.ok("x/y", new byte[4]));
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, image.toString()),
        Answer.ok(FaultyRegistry.INDEX, EMPTY_INDEX.getBytes(StandardCharsets.UTF_8)));
    assertThat(Outcomes.failure(repository.blob(Digest.of(MODULE), 10)).reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
    assertThat(Outcomes.failure(repository.manifest(image)).reason())
        .isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void asksTheReferrersApi() {
    var bytes = EMPTY_INDEX.getBytes(StandardCharsets.UTF_8);
    registry.fault(
        "/v2/" + REPOSITORY + "/referrers/" + image, Answer.ok(FaultyRegistry.INDEX, bytes));
    assertThat(digest(repository.referrers(image))).contains(Digest.of(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 200, 400})
  void fallsBackToTheTagThatStandsInForTheApi(int status) {
    var index =
        registry.pushManifest(
            REPOSITORY, "sha256-" + image.hex(), FaultyRegistry.INDEX, EMPTY_INDEX);
    registry.fault(
        "/v2/" + REPOSITORY + "/referrers/" + image,
        Answer.of(status, Map.of("content-type", "text/html"), new byte[5]));
    assertThat(digest(repository.referrers(image))).contains(index);
  }

  @Test
  void logsInOnceForAllReads() {
    var sources =
        Sources.none()
            .withInsecureHosts(Set.of(registry.host()))
            .withCredentials((host, name) -> Optional.of(new Credential.RegistryToken("t0k3n")));
    fetcher.use(sources);
    registry.demandToken("Bearer realm=\"https://localhost:1/\"", "t0k3n");
    assertThat(digest(repository.tagged("v1"))).contains(image);
    assertThat(digest(repository.manifest(image))).contains(image);
    assertThat(registry.requests())
        .extracting(Request::authorization)
        .containsExactly("", "Bearer t0k3n", "Bearer t0k3n");
  }

  @Test
  void saysThatItIsDenied() {
    registry.demandToken("Basic realm=\"x\"", "t0k3n");
    assertThat(Outcomes.failure(repository.tagged("v1")).reason())
        .isEqualTo(Reason.ModuleSourceDenied);
  }

  private static Optional<Digest> digest(Outcome<Optional<RawManifest>> outcome) {
    return Outcomes.value(outcome).map(RawManifest::digest);
  }
}
