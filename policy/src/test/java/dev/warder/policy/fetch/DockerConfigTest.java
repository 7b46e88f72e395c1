package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DockerConfigTest {
  private static final String SECRET = "s3cr3t";

  @ParameterizedTest
  @CsvSource({
    "https://index.docker.io/v1/, docker.io, library/nginx",
    "docker.io, docker.io, library/nginx",
    "registry-1.docker.io, docker.io, library/nginx",
    "ghcr.io, ghcr.io, a/b",
    "GHCR.io, ghcr.io, a/b",
    "https://ghcr.io, ghcr.io, a/b",
    "https://ghcr.io/v2/, ghcr.io, a/b",
    "http://localhost:5000/, localhost:5000, a",
    "localhost:5000, localhost:5000, a",
    "ghcr.io/a, ghcr.io, a/b",
    "ghcr.io/a/b, ghcr.io, a/b",
  })
  void findsEntriesAsDockerWritesThem(String key, String host, String repository) {
    assertThat(config(entry(key, "bob")).find(host, repository))
        .contains(new Credential.Basic("bob", SECRET));
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, ghcr.io:5000, a/b",
    "localhost:5000, localhost:5001, a",
    "localhost:5000, localhost, a",
    "ghcr.io/a, ghcr.io, ab/c",
    "ghcr.io/a/b, ghcr.io, a",
    "cr.io, ghcr.io, a",
    "ghcr.io, ghcr.io.evil.example, a",
    "https://index.docker.io/v1/, index.example, a",
  })
  void givesNobodyElsesCredentials(String key, String host, String repository) {
    assertThat(config(entry(key, "bob")).find(host, repository)).isEmpty();
  }

  @Test
  void prefersTheLongestEntry() {
    var config =
        config(
            String.join(
                ",", entry("ghcr.io", "all"), entry("ghcr.io/a/b", "b"), entry("ghcr.io/a", "a")));
    assertThat(List.of("x", "a/c", "a/b", "a/b/c"))
        .extracting(repository -> config.find("ghcr.io", repository).orElseThrow())
        .extracting(found -> ((Credential.Basic) found).user())
        .containsExactly("all", "a", "b", "b");
  }

  @Test
  void readsEveryKindOfCredential() {
    var config =
        config(
            """
            "a.example": {"username": "bob", "password": "s3cr3t"},
            "b.example": {"auth": "dXNlcjo=", "identitytoken": "s3cr3t"},
            "c.example": {"registrytoken": "s3cr3t"},
            "d.example": {"auth": "%s"},
            "e.example": {}"""
                .formatted(base64("bob:with:colons\0\0")));
    assertThat(List.of("a", "b", "c", "d", "e"))
        .extracting(name -> config.find(name + ".example", "x"))
        .containsExactly(
            Optional.of(new Credential.Basic("bob", SECRET)),
            Optional.of(new Credential.IdentityToken(SECRET)),
            Optional.of(new Credential.RegistryToken(SECRET)),
            Optional.of(new Credential.Basic("bob", "with:colons")),
            Optional.empty());
  }

  @Test
  void hasNothingWithoutEntries() {
    assertThat(Outcomes.value(DockerConfig.parse(bytes("{}"))).find("ghcr.io", "a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cr3t",
        "[]",
        "{\"auths\": \"s3cr3t\"}",
        "{\"auths\": {\"a\": \"s3cr3t\"}}",
        "{\"auths\": {\"a\": {\"auth\": \"s3cr3t!\"}}}",
        "{\"auths\": {\"a\": {\"auth\": \"czNjcjN0\"}}}",
        "{\"auths\": {\"a\": {\"auth\": s3cr3t}}}",
        "{\"auths\": {\"a\": {\"password\": \"s3cr3t\", \"password\": \"s3cr3t\"}}}",
        "{\"auths\": {\"a\": {\"auth\": \"s3cr3t",
      })
  void saysWhatIsWrongButNotWhatItHolds(String content) {
    var failure = Outcomes.failure(DockerConfig.parse(bytes(content)));
    assertThat(failure.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(failure.message())
        .contains("docker config.json is not usable")
        .doesNotContain(SECRET)
        .doesNotContain("czNjcjN0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/bin/x", "a/b", "a b", "-a", "a;b", "..\\x"})
  void refusesHelpersThatAreNoNames(String name) {
    var content = "{\"credsStore\": \"%s\"}".formatted(name.replace("\\", "\\\\"));
    assertThat(Outcomes.failure(DockerConfig.parseWithHelpers(bytes(content))).reason())
        .isEqualTo(Reason.CredentialsInvalid);
  }

  @Test
  void runsNoHelperUnlessAllowed() {
    var content =
        bytes("{\"credsStore\": \"../x\", \"auths\": {" + entry("a.example", "bob") + "}}");
    assertThat(Outcomes.value(DockerConfig.parse(content)).find("a.example", "x")).isPresent();
  }

  @Test
  void showsNoSecrets() {
    var config = config(entry("ghcr.io", "bob"));
    assertThat(config.toString()).contains("ghcr.io").doesNotContain(SECRET);
    // Some registries take a token in the place of the user.
    assertThat(config.find("ghcr.io", "x").orElseThrow()).hasToString("Basic[(hidden)]");
    assertThat(new Credential.IdentityToken(SECRET).toString()).doesNotContain(SECRET);
    assertThat(new Credential.RegistryToken(SECRET).toString()).doesNotContain(SECRET);
  }

  @Property
  void neverThrowsAndNeverRepeats(@ForAll @From("configs") String content) {
    switch (DockerConfig.parse(bytes(content))) {
      case Outcome.Done<DockerConfig>(var config) ->
          assertThat(config.toString()).doesNotContain(SECRET);
      case Outcome.Failed<DockerConfig>(var failure) ->
          assertThat(failure.message()).doesNotContain(SECRET);
    }
  }

  @Provide
  Arbitrary<String> configs() {
    var pieces =
        Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"auths\"",
            "\"a.example\"",
            "\"auth\"",
            "\"password\"",
            "\"username\"",
            "\"s3cr3t\"",
            "s3cr3t",
            "\"czNjcjN0\"",
            "null",
            "1",
            "\"credsStore\"",
            "\\",
            "\"",
            "\u0000",
            " ");
    return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
  }

  private static DockerConfig config(String auths) {
    return Outcomes.value(DockerConfig.parse(bytes("{\"auths\": {" + auths + "}}")));
  }

  private static String entry(String key, String user) {
    return "\"%s\": {\"auth\": \"%s\"}".formatted(key, base64(user + ":" + SECRET));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
