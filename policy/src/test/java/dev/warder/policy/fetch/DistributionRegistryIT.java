package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.DistributionRegistry;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.LayoutFiles;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.TestTls;
import dev.warder.policy.testing.TokenService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry as people run it: private, over TLS with an own authority. */
final class DistributionRegistryIT {
  private static final byte[] MODULE = "\0asm".repeat(100_000).getBytes(StandardCharsets.UTF_8);
  private static final Credential BOB = new Credential.Basic("bob", "s3cr3t");
  private static TestTls tls;

  @TempDir Path directory;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @Test
  void pushesAndPullsWithAPassword() throws IOException {
    try (var registry = DistributionRegistry.withPassword(directory, tls)) {
      assertPushesAndPulls(registry, sources(registry.host(), BOB));
      var wrong = sources(registry.host(), new Credential.Basic("bob", "wrong"));
      assertDenied(registry, wrong, "were refused");
      assertDenied(
          registry,
          wrong.withCredentials(Credentials.none()),
          "no credentials were found for " + registry.host());
    }
  }

  @Test
  void pushesAndPullsWithTokens() throws IOException {
    var service = new TokenService(tls, "bob", "s3cr3t", "r3fresh");
    try (var tokens = LoopbackServer.start(tls.server(), service);
        var registry = DistributionRegistry.withTokens(directory, tls, tokens.url("/token"))) {
      assertPushesAndPulls(registry, sources(registry.host(), BOB, tokens.host()));
      var identity =
          sources(registry.host(), new Credential.IdentityToken("r3fresh"), tokens.host());
      assertThat(Outcomes.value(fetch(registry, identity, "identity")).digest())
          .isEqualTo(Digest.of(MODULE));
      assertDenied(
          registry,
          sources(registry.host(), new Credential.Basic("bob", "wrong"), tokens.host()),
          "the token service refused the credentials");
    }
  }

  @Test
  void carriesAModuleWithItsSignaturesAcrossAnAirGap() throws IOException {
    var layout = signedLayout();
    var limits = FetchLimits.defaults();
    try (var registry = DistributionRegistry.withPassword(directory, tls);
        var pusher = new RegistryPusher(limits, sources(registry.host(), BOB));
        var fetcher =
            new ModuleFetcher(
                new ModuleStore(directory.resolve("store")),
                limits,
                sources(registry.host(), BOB))) {
      var source = fetcher.repository(reference("oci-layout:" + layout.folder())).orElseThrow();
      var image = Outcomes.value(source.tagged("v1")).orElseThrow().digest();
      var signature = Outcomes.value(source.tagged("sha256-" + image.hex() + ".sig"));
      var referrers = Outcomes.value(source.referrers(image)).orElseThrow();

      var loaded =
          Outcomes.value(pusher.copy(source, image, registry(registry, "policies/labels:v1")));
      assertThat(loaded).isEqualTo("registry://" + registry.host() + "/policies/labels@" + image);
      var pulled = Outcomes.value(fetcher.fetch(reference(loaded)));
      assertThat(pulled.digest()).isEqualTo(Digest.of(MODULE));
      assertThat(pulled.manifest()).contains(image);

      var there = fetcher.repository(reference(loaded)).orElseThrow();
      assertThat(digest(there.tagged("sha256-" + image.hex() + ".sig")))
          .isEqualTo(signature.map(RawManifest::digest));
      assertSameReferrers(there.referrers(image), referrers);

      var archive =
          Outcomes.value(
              new OciLayoutWriter(there, limits)
                  .writeTar(image, "v1", directory.resolve("saved.tar")));
      var unpacked =
          Outcomes.value(OciLayoutWriter.unpack(archive, directory.resolve("unpacked"), limits));
      var saved = fetcher.repository(reference("oci-layout:" + unpacked)).orElseThrow();
      assertThat(digest(saved.tagged("sha256-" + image.hex() + ".sig")))
          .isEqualTo(signature.map(RawManifest::digest));
      assertSameReferrers(saved.referrers(image), referrers);
      assertThat(Outcomes.value(fetcher.fetch(reference("oci-layout:" + unpacked))).manifest())
          .contains(image);
    }
  }

  private LayoutFiles signedLayout() throws IOException {
    var layout = new LayoutFiles(directory.resolve("layout"));
    layout.put("{}".getBytes(StandardCharsets.UTF_8));
    var image = layout.putModule("v1", MODULE);
    layout.putModule(
        "sha256-" + image.hex() + ".sig", "signature".getBytes(StandardCharsets.UTF_8));
    for (var text : List.of("one", "two")) {
      var bundle = text.getBytes(StandardCharsets.UTF_8);
      layout.putManifest(
          "",
          FaultyRegistry.MANIFEST,
          """
          {"schemaVersion": 2, "mediaType": "%s", "artifactType": "application/x-bundle",
           "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
           "layers": [{"mediaType": "application/x-bundle", "digest": "%s", "size": %d}],
           "subject": {"mediaType": "%1$s", "digest": "%s", "size": 1}}"""
              .formatted(
                  FaultyRegistry.MANIFEST,
                  layout.put("{}".getBytes(StandardCharsets.UTF_8)),
                  layout.put(bundle),
                  bundle.length,
                  image));
    }
    return layout;
  }

  private static void assertSameReferrers(
      Outcome<Optional<RawManifest>> actual, RawManifest expected) {
    var links = Outcomes.value(ManifestLinks.of(Outcomes.value(actual).orElseThrow()));
    var wanted = Outcomes.value(ManifestLinks.of(expected));
    assertThat(wanted.manifests()).hasSize(2);
    assertThat(links.manifests()).containsExactlyInAnyOrderElementsOf(wanted.manifests());
  }

  private void assertPushesAndPulls(DistributionRegistry registry, Sources sources) {
    var target = registry(registry, "policies/labels:v1");
    try (var pusher = new RegistryPusher(FetchLimits.defaults(), sources)) {
      var annotations =
          Map.of(
              "io.kubewarden.policy.source", " https://example.org ",
              "io.kubewarden.policy.usage", "one\ntwo");
      var pushed = Outcomes.value(pusher.push(target, MODULE, annotations));
      assertThat(Outcomes.value(pusher.push(target, MODULE, annotations))).isEqualTo(pushed);
      var module = Outcomes.value(fetch(registry, sources, "first"));
      assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
      assertThat(pushed)
          .isEqualTo(
              "registry://"
                  + registry.host()
                  + "/policies/labels@"
                  + module.manifest().orElseThrow());
    }
  }

  private void assertDenied(DistributionRegistry registry, Sources sources, String message) {
    var failure = Outcomes.failure(fetch(registry, sources, "denied"));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceDenied);
    assertThat(failure.message()).contains(message);
    try (var pusher = new RegistryPusher(FetchLimits.defaults(), sources)) {
      var pushed = pusher.push(registry(registry, "policies/labels:v1"), MODULE, Map.of());
      assertThat(Outcomes.failure(pushed).reason()).isEqualTo(Reason.ModuleSourceDenied);
    }
  }

  private Outcome<FetchedModule> fetch(
      DistributionRegistry registry, Sources sources, String store) {
    try (var fetcher =
        new ModuleFetcher(
            new ModuleStore(directory.resolve(store)), FetchLimits.defaults(), sources)) {
      return fetcher.fetch(registry(registry, "policies/labels:v1"));
    }
  }

  private static Optional<Digest> digest(Outcome<Optional<RawManifest>> outcome) {
    return Outcomes.value(outcome).map(RawManifest::digest);
  }

  private static ModuleReference.Registry registry(DistributionRegistry registry, String name) {
    return (ModuleReference.Registry) reference("registry://" + registry.host() + "/" + name);
  }

  private static ModuleReference reference(String text) {
    return Outcomes.value(ModuleReferences.parse(text));
  }

  private static Sources sources(String host, Credential credential, String... alsoTrusted) {
    var authorities = new HashMap<>(Map.of(host, List.of(tls.certificate())));
    for (var other : alsoTrusted) {
      authorities.put(other, List.of(tls.certificate()));
    }
    return Sources.none()
        .withAuthorities(authorities)
        .withCredentials(
            (asked, repository) -> asked.equals(host) ? Optional.of(credential) : Optional.empty());
  }
}
