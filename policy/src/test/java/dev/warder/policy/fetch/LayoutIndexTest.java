package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class LayoutIndexTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});
  private static final Digest C = Digest.of(new byte[] {3});

  @Test
  void readsWhatAManifestPointsAt() {
    var links =
        Outcomes.value(
            links(
                """
                {"config": {"mediaType": "x/y", "digest": "%s", "size": 1},
                 "layers": [{"mediaType": "z", "digest": "%s", "size": 2}],
                 "subject": {"digest": "%s"}}"""
                    .formatted(A, B, C)));
    assertThat(links.type()).isEqualTo(ManifestParser.MANIFEST_TYPE);
    assertThat(links.artifactType()).isEqualTo("x/y");
    assertThat(links.blobs())
        .containsExactly(
            new ManifestDocument.Descriptor("x/y", A, 1),
            new ManifestDocument.Descriptor("z", B, 2));
    assertThat(links.manifests()).isEmpty();
    assertThat(links.subject()).contains(C);
  }

  @Test
  void refusesToCopyWhatItCannotName() {
    var failure =
        Outcomes.failure(links("{\"layers\": [{\"digest\": \"sha512:00\", \"size\": 1}]}"));
    assertThat(failure.message()).contains("without a sha256 digest");
  }

  @Property
  void neverThrows(@ForAll("documents") String text) {
    assertThat(LayoutIndex.parse(text.getBytes(StandardCharsets.UTF_8), "it")).isNotNull();
    assertThat(links(text)).isNotNull();
  }

  @Provide
  Arbitrary<String> documents() {
    var pieces =
        Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"manifests\"",
            "\"layers\"",
            "\"config\"",
            "\"digest\"",
            "\"size\"",
            "\"annotations\"",
            "\"subject\"",
            "\"" + A + "\"",
            "1",
            "-1",
            "null",
            "true",
            "\"sha256-\"",
            "\"",
            "\\");
    return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
  }

  private static Outcome<ManifestLinks> links(String json) {
    return ManifestLinks.of(
        new RawManifest(json.getBytes(StandardCharsets.UTF_8), "application/json", "it"));
  }
}
