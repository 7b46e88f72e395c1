package dev.warder.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferencesTest {
  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io, library/nginx, latest",
    "nginx:1.27, docker.io, library/nginx, 1.27",
    "kubewarden/policy-server:v1, docker.io, kubewarden/policy-server, v1",
    "localhost:5000/x, localhost:5000, x, latest",
    "ghcr.io/a/b:c, ghcr.io, a/b, c"
  })
  void readsNamesAsContainersHaveThem(String text, String host, String repository, String tag) {
    assertThat(Outcomes.value(ImageReferences.parse(text)))
        .isEqualTo(
            new ModuleReference.Registry(
                text, host, repository, Optional.of(tag), Optional.empty()));
  }

  @Test
  void readsDigests() {
    var digest = new Digest("0123456789abcdef".repeat(4));
    var text = "ghcr.io/a@" + digest;
    assertThat(Outcomes.value(ImageReferences.parse(text)))
        .isEqualTo(
            new ModuleReference.Registry(
                text, "ghcr.io", "a", Optional.empty(), Optional.of(digest)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "ä",
        "UPPER",
        "a:",
        "a:b:c",
        "a@sha256:5",
        "../../etc",
        "ghcr.io:0/a",
        "registry://ghcr.io/a",
        "https://a.test/b",
        "file:///etc/passwd",
        "oci-layout:/etc"
      })
  void speaksOfAnImage(String text) {
    var failure = Outcomes.failure(ImageReferences.parse(text));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleReferenceInvalid);
    assertThat(failure.message())
        .contains("image reference", "; write host/repository:tag or host/repository@sha256:…")
        .doesNotContain("module");
  }

  @Test
  void limitsTheLength() {
    assertThat(Outcomes.failure(ImageReferences.parse("a".repeat(3000))).message())
        .startsWith("the image reference is longer than 2048 characters");
  }

  @Test
  void doesNotRepeatPasswords() {
    assertThat(Outcomes.failure(ImageReferences.parse("me:hunter2@ghcr.io/a")).message())
        .startsWith("the image reference holds a user name or password")
        .doesNotContain("hunter2");
  }
}
