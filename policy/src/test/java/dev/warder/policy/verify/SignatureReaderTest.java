package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignatureReaderTest {
  private static final Digest MANIFEST = Signing.MANIFEST;
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();

  private final MapRepository repository = new MapRepository();

  @Test
  void findsNothing() {
    assertThat(read()).isEqualTo(new SignatureMaterial(MapRepository.NAME, List.of(), List.of()));
  }

  @Test
  void readsLayersAndBundles() {
    var signing = Signing.keyless(SIGSTORE, SIGSTORE.workflow("owner/repo")).signLayer();
    repository.pushLayer(MANIFEST, signing.payload, signing.annotations());
    repository.pushLayer(MANIFEST, signing.payload, Map.of("other", "annotation"));
    repository.pushBundle(MANIFEST, "{}".getBytes(StandardCharsets.UTF_8));
    var material = read();
    assertThat(material.skipped()).isEmpty();
    assertThat(material.signatures()).hasSize(3);
    var layer = material.signatures().getFirst();
    assertThat(layer.origin())
        .isEqualTo("layer 1 of %s:sha256-%s.sig", MapRepository.NAME, MANIFEST.hex());
    assertThat(layer.content()).isEqualTo(signing.layer().content());
    assertThat(layer.annotations()).isEqualTo(signing.layer().annotations());
    assertThat(material.signatures().get(1).annotations()).isEmpty();
    assertThat(material.signatures().get(2).format()).isEqualTo(StoredSignature.Format.BUNDLE);
    assertThat(material.isComplete()).isTrue();
  }

  @Test
  void leavesAttestationsAlone() {
    var other = repository.push("{\"layers\":[]}".getBytes(StandardCharsets.UTF_8));
    repository.fail(other);
    for (int i = 0; i < 100; i++) {
      repository.refer(
          MANIFEST,
          other,
          MapRepository.BUNDLE,
          Map.of("dev.sigstore.bundle.predicateType", "https://slsa.dev/provenance/v1"));
      repository.refer(MANIFEST, other, "application/spdx+json", Map.of());
    }
    assertThat(read().skipped()).isEmpty();
  }

  @Test
  void refusesTenThousandLayers() {
    var layer =
        Json.descriptor(MapRepository.SIMPLE_SIGNING, repository.push(new byte[0]), 0, Map.of());
    repository.tag(
        MapRepository.tagOf(MANIFEST),
        "{\"layers\":[%s%s]}"
            .formatted(layer, ("," + layer).repeat(9_999))
            .getBytes(StandardCharsets.UTF_8));
    assertSkipped("layers has more than 64 entries");
    var good = Signing.keyed().signEnvelope();
    repository.pushBundle(
        MANIFEST, Bytes.ofBase64(good.envelope().content()).orElseThrow().array());
    assertThat(read().signatures()).hasSize(1);
  }

  @Test
  void refusesTooManyReferrers() {
    for (int i = 0; i < 65; i++) {
      repository.refer(MANIFEST, Digest.of(new byte[] {(byte) i}), MapRepository.BUNDLE, Map.of());
    }
    assertSkipped("65 signatures are more than 64");
  }

  @Test
  void refusesTooManyBytes() {
    for (int i = 0; i < 30; i++) {
      var content = new byte[1 << 20];
      content[0] = (byte) i;
      repository.pushLayer(MANIFEST, content, Map.of());
    }
    var failure = Outcomes.failure(SignatureReader.read(repository, MANIFEST));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).contains("together they are larger than");
  }

  @Test
  void skipsALayerThatIsTooLarge() {
    repository.pushLayer(MANIFEST, new byte[(1 << 20) + 1], Map.of());
    repository.pushLayer(MANIFEST, new byte[1], Map.of());
    var material = read();
    assertThat(material.signatures()).hasSize(1);
    assertThat(material.skipped())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.ModuleTooLarge);
              assertThat(failure.message()).startsWith("layer 1 of " + MapRepository.NAME);
            });
    assertThat(material.isComplete()).isTrue();
  }

  @Test
  void skipsWhatTheRegistryDoesNotGive() {
    repository.fail(repository.pushLayer(MANIFEST, new byte[1], Map.of()));
    repository.pushLayer(MANIFEST, new byte[2], Map.of());
    repository.fail("referrers");
    var material = read();
    assertThat(material.signatures()).hasSize(1);
    assertThat(material.skipped())
        .extracting(failure -> failure.reason())
        .containsExactly(Reason.ModuleSourceUnreachable, Reason.ModuleSourceUnreachable);
    assertThat(material.isComplete()).isFalse();
  }

  @Test
  void failsIfTheRegistryGivesNothing() {
    repository.fail(MapRepository.tagOf(MANIFEST));
    assertThat(Outcomes.failure(SignatureReader.read(repository, MANIFEST)).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
  }

  @Test
  void skipsManifestsThatAreNone() {
    for (var manifest :
        List.of(
            "",
            "[]",
            "{\"manifests\":[]}",
            "{\"layers\":{}}",
            "{\"layers\":[],\"layers\":[]}",
            "{\"layers\":[]}{}",
            "{\"layers\":[{\"digest\":\"sha512:00\",\"size\":1}]}",
            "{\"layers\":[{\"digest\":\"%s\",\"size\":-1}]}".formatted(MANIFEST),
            "{\"layers\":[{\"digest\":\"%s\",\"size\":1,\"annotations\":[]}]}"
                .formatted(MANIFEST))) {
      repository.tag(MapRepository.tagOf(MANIFEST), manifest.getBytes(StandardCharsets.UTF_8));
      assertSkipped("its manifest");
    }
  }

  @Test
  void skipsAnnotationsThatAreNoTexts() {
    var layer =
        Json.descriptor(MapRepository.SIMPLE_SIGNING, repository.push(new byte[0]), 0, Map.of());
    for (var value : List.of("1", "\"\\ud800\"", "\"é\"")) {
      var annotations = "{\"dev.cosignproject.cosign/signature\":%s}".formatted(value);
      repository.tag(
          MapRepository.tagOf(MANIFEST),
          Json.manifest(
                  List.of(layer.replace("\"annotations\":{}", "\"annotations\":" + annotations)))
              .getBytes(StandardCharsets.UTF_8));
      assertSkipped("layer 1 of");
    }
  }

  @Test
  void keepsWhatItReadOnDisk() {
    var signing = Signing.keyed().signLayer();
    repository.fail(repository.pushLayer(MANIFEST, new byte[1], Map.of()));
    repository.pushLayer(MANIFEST, signing.payload, signing.annotations());
    var material = read();
    var restored = Outcomes.value(SignatureMaterial.parse(material.toJson()));
    assertThat(restored).isEqualTo(material);
    assertThat(
            Outcomes.value(
                new SignaturePolicy(
                        Outcomes.value(
                            VerificationConfig.parse(
                                "{allOf: [%s]}".formatted(signing.key.rule()))),
                        Optional.empty())
                    .judge(restored, MANIFEST, PrivateSigstore.NOW)))
        .isNotNull();
  }

  @Test
  void readsNothingElseFromDisk() {
    var signing = Signing.keyed().signLayer();
    repository.pushLayer(MANIFEST, signing.payload, signing.annotations());
    var json = new String(read().toJson(), StandardCharsets.UTF_8);
    for (var changed :
        List.of(
            "",
            json + "x",
            json.replace("\"version\":1", "\"version\":2"),
            json.replace("SIMPLE_SIGNING", "OTHER"),
            json.replace("\"origin\"", "\"content\""),
            json.replace("\"skipped\":[]", "\"skipped\":[{\"reason\":\"x\",\"message\":\"y\"}]"))) {
      assertThat(changed).isNotEqualTo(json);
      assertThat(
              Outcomes.failure(SignatureMaterial.parse(changed.getBytes(StandardCharsets.UTF_8)))
                  .reason())
          .isEqualTo(Reason.SignatureMissing);
    }
  }

  private SignatureMaterial read() {
    return Outcomes.value(SignatureReader.read(repository, MANIFEST));
  }

  private void assertSkipped(String why) {
    var material = read();
    assertThat(material.signatures()).isEmpty();
    assertThat(material.skipped())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
              assertThat(failure.message()).contains(why);
            });
    var refused =
        Outcomes.failure(
            new SignaturePolicy(
                    Outcomes.value(
                        VerificationConfig.parse("{allOf: [{kind: githubAction, owner: o}]}")),
                    Optional.empty())
                .judge(material, MANIFEST, PrivateSigstore.NOW));
    assertThat(refused.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(refused.message()).contains(why);
  }
}
