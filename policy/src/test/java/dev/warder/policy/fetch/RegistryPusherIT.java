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
import dev.warder.policy.testing.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes to registries that do not behave; those that do are in DistributionRegistryIT. */
final class RegistryPusherIT {
  private static final String REPOSITORY = "policies/labels";
  private static final String UPLOADS = "/v2/" + REPOSITORY + "/blobs/uploads/";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);

  private FaultyRegistry registry;
  private FaultyRegistry thief;
  private RegistryPusher pusher;
  private volatile Answer upload = location("/upload/1?state=x");
  private volatile Answer end = Answer.of(201, Map.of(), new byte[0]);

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start();
    thief = FaultyRegistry.start();
    registry.guard(
        request ->
            switch (request.method()) {
              case "POST" -> Optional.of(upload);
              case "PUT" -> Optional.of(end);
              default -> Optional.empty();
            });
    pusher =
        new RegistryPusher(
            FetchLimits.defaults(),
            Sources.none().withInsecureHosts(Set.of(registry.host(), thief.host())));
  }

  @AfterEach
  void stop() {
    pusher.close();
    thief.close();
    registry.close();
  }

  @Test
  void sendsEachBlobToWhereTheRegistrySays() {
    var pushed = Outcomes.value(push());
    var manifest = ModuleManifest.of(MODULE, Map.of());
    assertThat(pushed)
        .isEqualTo("registry://" + registry.host() + "/" + REPOSITORY + "@" + manifest.digest());
    assertThat(registry.requests())
        .filteredOn(request -> request.method().equals("PUT"))
        .extracting(Request::path)
        .containsExactly(
            "/upload/1?state=x&digest=" + Digest.of(MODULE),
            "/upload/1?state=x&digest=" + Digest.of(ModuleManifest.CONFIG),
            FaultyRegistry.manifest(REPOSITORY, "v1"));
    assertThat(registry.requests().getLast().body())
        .isEqualTo(new String(manifest.bytes(), StandardCharsets.ISO_8859_1));
  }

  @Test
  void sendsNoBlobThatIsThere() {
    registry.putBlob(REPOSITORY, MODULE);
    registry.putBlob(REPOSITORY, ModuleManifest.CONFIG);
    Outcomes.value(push());
    assertThat(registry.requests(UPLOADS)).isZero();
  }

  @Test
  void sendsNothingToAnotherHost() {
    upload = location(thief.url("/upload"));
    assertFails(Reason.ModuleSourceForbidden, "another host");
    upload = Answer.of(307, Map.of("location", thief.url("/upload")), new byte[0]);
    assertFails(Reason.ModuleSourceUnreachable, "HTTP 307");
    assertThat(thief.requests()).isEmpty();
  }

  @Test
  void noticesWhenTheRegistryStoredSomethingElse() {
    end =
        Answer.of(
            201, Map.of("docker-content-digest", Digest.of(new byte[1]).toString()), new byte[0]);
    assertFails(Reason.ModuleDigestMismatch, "stored the digest");
  }

  @Test
  void saysWhenTheRegistryRefuses() {
    end = Answer.status(405);
    assertFails(Reason.ModuleSourceUnreachable, "refused the push with HTTP 405");
    end = Answer.status(403);
    assertFails(Reason.ModuleSourceDenied, "no credentials were found");
  }

  @Test
  void keepsAnnotationsOfOneLine() {
    var manifest =
        ModuleManifest.of(
            MODULE,
            Map.of(
                "io.kubewarden.policy.title", "  labels\n",
                "io.kubewarden.policy.usage", "one\ntwo",
                "io.kubewarden.policy.url", " ",
                "io.kubewarden.policy.source", "https://example.org"));
    assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8))
        .endsWith(
            "\"annotations\":{\"io.kubewarden.policy.source\":\"https://example.org\","
                + "\"io.kubewarden.policy.title\":\"labels\","
                + "\"org.opencontainers.image.source\":\"https://example.org\"}}");
  }

  private void assertFails(Reason reason, String message) {
    var failure = Outcomes.failure(push());
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private Outcome<String> push() {
    return ModuleReferences.parse(registry.reference(REPOSITORY, "v1"))
        .then(reference -> pusher.push((ModuleReference.Registry) reference, MODULE, Map.of()));
  }

  private static Answer location(String address) {
    return Answer.of(202, Map.of("location", address), new byte[0]);
  }
}
