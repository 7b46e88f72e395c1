package dev.warder.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModuleReferencesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "registry://ghcr.io/kubewarden/policies/pod-privileged:v0.2.2,"
        + " ghcr.io, kubewarden/policies/pod-privileged, v0.2.2",
    "ghcr.io/kubewarden/policies/pod-privileged:v0.2.2,"
        + " ghcr.io, kubewarden/policies/pod-privileged, v0.2.2",
    "ghcr.io/a/b, ghcr.io, a/b, latest",
    "localhost/x, localhost, x, latest",
    "localhost:5000/x, localhost:5000, x, latest",
    "registry.kube-system.svc:5000/x/y:1, registry.kube-system.svc:5000, x/y, 1",
    "host:5000/path, host:5000, path, latest",
    "GHCR.io/a, ghcr.io, a, latest",
    "[::1]:5000/x:1, [::1]:5000, x, 1",
    "127.0.0.1:5000/x, 127.0.0.1:5000, x, latest",
    "nginx, docker.io, library/nginx, latest",
    "nginx:1.27, docker.io, library/nginx, 1.27",
    "kubewarden/policy, docker.io, kubewarden/policy, latest",
    "docker.io/nginx, docker.io, library/nginx, latest",
    "index.docker.io/nginx, docker.io, library/nginx, latest",
    "REGISTRY://ghcr.io/a__b/c--d/e.f:T_1.x-y, ghcr.io, a__b/c--d/e.f, T_1.x-y",
  })
  void readsRegistries(String text, String host, String repository, String tag) {
    assertThat(Outcomes.value(ModuleReferences.parse(text)))
        .isEqualTo(
            new ModuleReference.Registry(
                text, host, repository, Optional.of(tag), Optional.empty()));
  }

  @Test
  void readsDigests() {
    var digest = Optional.of(new Digest(HEX));
    var bare = "ghcr.io/a/b@sha256:" + HEX;
    var tagged = "registry://ghcr.io/a/b:v1@sha256:" + HEX;
    assertThat(Outcomes.value(ModuleReferences.parse(bare)))
        .isEqualTo(new ModuleReference.Registry(bare, "ghcr.io", "a/b", Optional.empty(), digest));
    assertThat(Outcomes.value(ModuleReferences.parse(tagged)))
        .isEqualTo(
            new ModuleReference.Registry(tagged, "ghcr.io", "a/b", Optional.of("v1"), digest));
  }

  @Test
  void readsWebAddresses() {
    var text = "HTTPS://example.org:8443/p/policy.wasm?version=1";
    assertThat(Outcomes.value(ModuleReferences.parse(text)))
        .isEqualTo(
            new ModuleReference.Http(
                text, URI.create("https://example.org:8443/p/policy.wasm?version=1")));
  }

  @Test
  void readsFiles() {
    var text = "file:///srv/my%20policies/policy.wasm";
    assertThat(Outcomes.value(ModuleReferences.parse(text)))
        .isEqualTo(new ModuleReference.File(text, Path.of("/srv/my policies/policy.wasm")));
  }

  @ParameterizedTest
  @CsvSource({
    "oci-layout:/srv/policy, /srv/policy, ''",
    "OCI-LAYOUT:/srv/policy:v1, /srv/policy, v1",
    "oci-layout:/srv/a:b/policy:v1, /srv/a:b/policy, v1",
  })
  void readsLayouts(String text, Path folder, String tag) {
    var digest = new Digest(HEX);
    var wanted = Optional.of(tag).filter(name -> !name.isEmpty());
    assertThat(Outcomes.value(ModuleReferences.parse(text)))
        .isEqualTo(new ModuleReference.Layout(text, folder, wanted, Optional.empty()));
    assertThat(Outcomes.value(ModuleReferences.parse(text + "@" + digest)))
        .isEqualTo(
            new ModuleReference.Layout(text + "@" + digest, folder, wanted, Optional.of(digest)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci-layout:",
        "oci-layout:/",
        "oci-layout:relative",
        "oci-layout://host/x",
        "oci-layout:/a/../b",
        "oci-layout:/a/./b",
        "oci-layout:/a/",
        "oci-layout:/a:",
        "oci-layout:/a:.b",
        "oci-layout:/a@",
        "oci-layout:/a@sha256:12",
        "oci-layout:/a\0b",
        "",
        " ",
        " ghcr.io/a",
        "ghcr.io/a b",
        "ghcr.io/a\n",
        "ghcr.io/ä",
        "oci://ghcr.io/a",
        "ftp://host/policy.wasm",
        "://x",
        "registry://",
        "registry:///a",
        "registry://ghcr.io/",
        "ghcr.io//a",
        "ghcr.io/a/",
        "ghcr.io/../etc",
        "ghcr.io/a/../../b",
        "ghcr.io/./a",
        "ghcr.io/Upper/case",
        "Nginx",
        "ghcr.io/a___b",
        "ghcr.io/a..b",
        "ghcr.io/-a",
        "ghcr.io/a-",
        "ghcr.io/a:",
        "ghcr.io/a:.tag",
        "ghcr.io/a:tag:tag",
        "ghcr.io/a:tag/b",
        "ghcr.io:0/a",
        "ghcr.io:65536/a",
        "ghcr.io:/a",
        "ghcr.io:port/a",
        "user:password@ghcr.io/a",
        "-bad.io/a",
        "[::g]:1/a",
        "ghcr.io/a@",
        "ghcr.io/a@sha256:123",
        "ghcr.io/a@sha512:0123456789abcdef",
        "ghcr.io/a@sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
        "ghcr.io/a?x=1",
        "ghcr.io/a#x",
        "ghcr.io/%61",
        "https://",
        "https:///path",
        "https://under_score/x",
        "https://host:99999/x",
        "https://host:/x",
        "https://user:password@host/x",
        "https://host/x#fragment",
        "https://host/%zz",
        "http://host\\@other/x",
        "file://relative/path",
        "file://./path",
        "file://",
        "file:///",
        "file:////",
        "file:/path",
        "file:///a/../b",
        "file:///a/./b",
        "file:///a%2f%2e%2e%2fb",
        "file:///a%00b",
        "file:///a?x",
        "file:///a#x",
      })
  void refusesWhatItDoesNotUnderstand(String text) {
    assertThat(Outcomes.failure(ModuleReferences.parse(text)).reason())
        .isEqualTo(Reason.ModuleReferenceInvalid);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:hunter2@host/x",
        "https://me:hunter2@host",
        "https://me:hunter2@host/%zz",
        "https://hunter2@host/x",
        "registry://me:hunter2@ghcr.io/a:v1",
        "me:hunter2@ghcr.io/a",
        "me:hunter2@ghcr.io/a b",
        "ftp://me:hunter2@host/x"
      })
  void doesNotRepeatPasswords(String text) {
    assertThat(Outcomes.failure(ModuleReferences.parse(text)).message())
        .contains("holds a user name or password")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "ghcr.io/a:", "ghcr.io/A", "ghcr.io:/a", "ftp://a", "https://"})
  void speaksOfAModule(String text) {
    assertThat(Outcomes.failure(ModuleReferences.parse(text)).message())
        .contains("module reference", "; write registry://host/repository:tag, https://");
  }

  @Test
  void refusesOverlongNames() {
    var failure = Outcomes.failure(ModuleReferences.parse("ghcr.io/" + "a/".repeat(2000) + "a"));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleReferenceInvalid);
    assertThat(Outcomes.failure(ModuleReferences.parse("ghcr.io/" + "a".repeat(256))).message())
        .contains("no repository");
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(ModuleReferences.parse(text)).isNotNull();
  }

  @Property
  void neverThrowsOnNearMisses(@ForAll("nearMisses") String text) {
    assertThat(ModuleReferences.parse(text)).isNotNull();
  }

  @Property
  void writtenOutReadsBackTheSame(@ForAll("registryTexts") String text) {
    var first = (ModuleReference.Registry) Outcomes.value(ModuleReferences.parse(text));
    var digest = new Digest(HEX);
    var again =
        (ModuleReference.Registry) Outcomes.value(ModuleReferences.parse(first.pinnedTo(digest)));
    assertThat(again)
        .isEqualTo(
            new ModuleReference.Registry(
                first.pinnedTo(digest),
                first.host(),
                first.repository(),
                first.tag(),
                Optional.of(digest)));
  }

  @Provide
  Arbitrary<String> nearMisses() {
    var pieces =
        Arbitraries.of(
            "registry://",
            "https://",
            "file://",
            "file:///",
            "file:////",
            "oci-layout:",
            "://",
            "/",
            ":",
            "@",
            "sha256:",
            HEX,
            "a",
            "A",
            "0",
            ".",
            "..",
            "-",
            "_",
            "[",
            "]",
            "%",
            "%2e",
            "?",
            "#",
            "\\",
            "localhost",
            "ghcr.io",
            " ",
            "ä");
    return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> registryTexts() {
    var word =
        Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(8);
    var scheme = Arbitraries.of("", "registry://");
    var host = Arbitraries.of("", "ghcr.io/", "localhost:5000/", "docker.io/", "[::1]:80/");
    var repository = word.list().ofMinSize(1).ofMaxSize(4).map(words -> String.join("/", words));
    var tag = word.map(name -> ":" + name).injectNull(0.5).map(name -> name == null ? "" : name);
    return Combinators.combine(scheme, host, repository, tag)
        .as((a, b, c, d) -> a + b + c + d)
        // Without a host, localhost would be one.
        .filter(text -> !text.startsWith("localhost/"));
  }
}
