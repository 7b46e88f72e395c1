package dev.warder.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Fuzz;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a manifest names as a module is a place that is named in one way, or refused. */
final class ReferenceFuzzTest {
  private static final Digest DIGEST = new Digest("0123456789abcdef".repeat(4));
  private static final List<String> SEEDS =
      List.of(
          "registry://ghcr.io/kubewarden/policies/pod-privileged:v0.2.2",
          "registry.kube-system.svc:5000/x/y_z:1@" + DIGEST,
          "[::1]:5000/x:1",
          "docker.io/nginx",
          "https://example.org:8443/p/policy.wasm?version=1",
          "http://[::1]:80/a%20b",
          "file:///srv/my%20policies/policy.wasm",
          "oci-layout:/srv/a:b/policy:v1@" + DIGEST);

  @Property(tries = Fuzz.TRIES)
  void references(@ForAll long seed) {
    var random = new Random(seed);
    for (int i = 0; i < Fuzz.share(1); i++) {
      var start = SEEDS.get(random.nextInt(SEEDS.size()));
      check(
          new String(
              Fuzz.changed(start.getBytes(StandardCharsets.UTF_8), random),
              StandardCharsets.UTF_8));
    }
  }

  private static void check(String text) {
    switch (ModuleReferences.parse(text)) {
      case Outcome.Failed<ModuleReference>(var failure) -> {
        assertThat(failure.reason()).isEqualTo(Reason.ModuleReferenceInvalid);
        assertThat(failure.message()).isNotBlank().doesNotContain("\n");
      }
      case Outcome.Done<ModuleReference>(var reference) -> {
        assertThat(reference.text()).isEqualTo(text);
        checkPlace(reference);
      }
    }
  }

  private static void checkPlace(ModuleReference reference) {
    switch (reference) {
      case ModuleReference.File file ->
          assertThat(file.path()).isAbsolute().isNormalized().isNotEqualTo(file.path().getRoot());
      case ModuleReference.Http http -> {
        assertThat(http.uri().getHost()).isNotEmpty();
        assertThat(http.uri().getScheme()).isIn("http", "https");
        assertThat(http.uri().getRawUserInfo()).isNull();
      }
      case ModuleReference.Registry registry -> {
        assertThat(registry.repository()).matches("[a-z0-9._/-]+");
        assertThat(registry.host()).matches("[a-z0-9.:\\[\\]-]+");
        assertThat(again(registry.pinnedTo(DIGEST)))
            .isEqualTo(
                new ModuleReference.Registry(
                    registry.pinnedTo(DIGEST),
                    registry.host(),
                    registry.repository(),
                    registry.tag(),
                    Optional.of(DIGEST)));
      }
      case ModuleReference.Layout layout -> {
        assertThat(layout.folder()).isAbsolute().isNormalized();
        assertThat(again(layout.pinnedTo(DIGEST)))
            .isEqualTo(
                new ModuleReference.Layout(
                    layout.pinnedTo(DIGEST), layout.folder(), layout.tag(), Optional.of(DIGEST)));
      }
    }
  }

  private static ModuleReference again(String text) {
    return Outcomes.value(ModuleReferences.parse(text));
  }
}
