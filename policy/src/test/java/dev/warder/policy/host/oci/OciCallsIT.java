package dev.warder.policy.host.oci;

import static dev.warder.policy.testing.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.Mirrors;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.TestTls;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.HostCallGate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What registries know of images, from one that can also do all wrong. */
final class OciCallsIT {
  private static final String REPOSITORY = "images/one";
  private static final FetchLimits LIMITS =
      new FetchLimits(
          1 << 20, 1 << 20, 5, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(8));
  private static final String FAILED = "-Callback evaluation failure: ";
  private static final String CONFIG =
      "{\"architecture\":\"amd64\",\"config\":{\"User\":\"1000\"}}";

  private static TestTls tls;

  private FaultyRegistry registry;
  private ImageRegistries registries;
  private OciCalls calls;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start(tls.server());
    use(LIMITS, sources());
  }

  @AfterEach
  void stop() {
    calls.close();
    registries.close();
    registry.close();
  }

  private Sources sources() {
    return Sources.none().withAuthorities(Map.of(registry.host(), List.of(tls.certificate())));
  }

  private void use(FetchLimits limits, Sources sources) {
    registries = new ImageRegistries(limits, sources);
    calls = new OciCalls(registries, TrustRoot::publicGood, Clock.systemUTC());
  }

  private JsonNode image(String reference) {
    return JsonNodeFactory.instance.textNode(registry.host() + "/" + REPOSITORY + reference);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String manifest(Digest config) {
    return ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":%d,"
            + "\"digest\":\"%s\"},\"layers\":[]}")
        .formatted(CONFIG.length(), config);
  }

  private Digest push(String tag, String config) {
    var digest = registry.putBlob(REPOSITORY, utf8(config));
    return registry.pushManifest(REPOSITORY, tag, FaultyRegistry.MANIFEST, manifest(digest));
  }

  private static String entry(Digest digest, String os, String architecture) {
    return ("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1,"
            + "\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}")
        .formatted(FaultyRegistry.MANIFEST, digest, os, architecture);
  }

  private Digest pushIndex(String tag, String... entries) {
    return registry.pushManifest(
        REPOSITORY,
        tag,
        FaultyRegistry.INDEX,
        "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(String.join(",", entries)));
  }

  private static String here() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  @Test
  void anImageHasADigestAManifestAndAConfig() {
    var digest = push("v1", CONFIG);
    var manifest = manifest(Digest.of(utf8(CONFIG)));
    for (var reference : List.of(":v1", "@" + digest, ":v1@" + digest)) {
      assertThat(text(calls.manifestDigest(image(reference))))
          .isEqualTo("+{\"digest\":\"" + digest + "\"}");
      assertThat(text(calls.manifest(image(reference)))).isEqualTo("+" + manifest);
      assertThat(text(calls.manifestConfig(image(reference))))
          .isEqualTo(
              "+{\"manifest\":%s,\"digest\":\"%s\",\"config\":%s}"
                  .formatted(manifest, digest, CONFIG));
    }
  }

  @Test
  void ofAnIndexTheDigestAndTheManifestAreItsOwnAndTheConfigIsThisMachines() {
    var ours = push("ours", CONFIG);
    var others = push("others", "{}");
    var index =
        pushIndex(
            "v1",
            entry(others, "linux", "s390x"),
            entry(others, "windows", here()),
            entry(ours, "linux", here()),
            entry(others, "linux", here()));
    assertThat(text(calls.manifestDigest(image(":v1"))))
        .isEqualTo("+{\"digest\":\"" + index + "\"}");
    assertThat(text(calls.manifest(image(":v1"))))
        .startsWith("+{\"schemaVersion\":2,\"manifests\"");
    assertThat(text(calls.manifestConfig(image(":v1"))))
        .contains("\"digest\":\"" + ours + "\"", "\"config\":" + CONFIG);
  }

  @Test
  void anIndexWithoutThisMachineHasNoConfig() {
    pushIndex("v1", entry(push("others", "{}"), "linux", "s390x"));
    assertThat(text(calls.manifestConfig(image(":v1"))))
        .startsWith(FAILED + "the index of ")
        .contains("has no image for linux/" + here());
    pushIndex("v2", entry(Digest.of(utf8("gone")), "linux", here()));
    assertThat(text(calls.manifestConfig(image(":v2")))).contains("though the index of");
    pushIndex("v3", "1", "null", "{\"platform\":[]}");
    assertThat(text(calls.manifestConfig(image(":v3")))).contains("has no image for");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "1",
        "null",
        "{",
        "",
        "{\"manifests\":[{\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"},\"digest\":5}]}",
        "{\"config\":{\"digest\":\"sha256:5\"}}",
        "{\"config\":\"x\"}",
        "{}"
      })
  void manifestsThatAreNoneAreFailures(String json) {
    registry.pushManifest(REPOSITORY, "v1", FaultyRegistry.MANIFEST, json);
    assertThat(text(calls.manifestConfig(image(":v1"))))
        .startsWith(FAILED)
        .doesNotContain("unexpectedly", "\n");
  }

  @Test
  void aConfigMustBeWhatTheManifestNames() {
    var digest = push("v1", CONFIG);
    var config = FaultyRegistry.blob(REPOSITORY, Digest.of(utf8(CONFIG)));
    registry.fault(config, Answer.ok("x/y", utf8("{\"other\":1}")));
    assertThat(text(calls.manifestConfig(image("@" + digest)))).startsWith(FAILED);
    push("v2", "no json");
    assertThat(text(calls.manifestConfig(image(":v2")))).contains("is no JSON");
    push("v3", "[]");
    assertThat(text(calls.manifestConfig(image(":v3")))).contains("is no JSON object");
    push("v4", "{\"a\":\"" + "a".repeat(5 << 20) + "\"}");
    assertThat(text(calls.manifestConfig(image(":v4")))).startsWith(FAILED);
  }

  @Test
  void aManifestMustBeOfItsDigest() {
    var digest = push("v1", CONFIG);
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, digest.toString()),
        Answer.ok(FaultyRegistry.MANIFEST, utf8("{\"schemaVersion\":2,\"config\":{}}")));
    assertThat(text(calls.manifest(image("@" + digest)))).startsWith(FAILED);
    assertThat(text(calls.manifestDigest(image("@" + digest)))).startsWith(FAILED);
  }

  @Test
  void whatIsNotThereIsAFailure() {
    assertThat(text(calls.manifestDigest(image(":none"))))
        .isEqualTo(FAILED + "there is no image " + registry.host() + "/" + REPOSITORY + ":none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "UPPER/case",
        "a b",
        "https://a.test/b",
        "oci-layout:/etc",
        "file:///etc/passwd",
        "a@sha256:5",
        "a:",
        "a:b:c",
        "../../etc",
        "ä",
        "a\nb"
      })
  void whatIsNoImageIsAFailure(String name) {
    assertThat(text(calls.manifest(JsonNodeFactory.instance.textNode(name))))
        .startsWith(FAILED)
        .contains("image reference")
        .doesNotContain("unexpectedly", "module", "\n");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void aLongNameIsRefusedAndNotKept() {
    assertThat(text(calls.manifest(JsonNodeFactory.instance.textNode("a".repeat(3 << 20)))))
        .isEqualTo(FAILED + "the image has more than 1024 characters");
  }

  /** {@code docker.io} is another registry here. */
  @Test
  void namesAreWrittenOutAsDockerDoes() {
    use(
        LIMITS,
        sources()
            .withMirrors(
                new Mirrors(
                    List.of(new Mirrors.Rule("docker.io", List.of(registry.host()), true)))));
    var config = registry.putBlob("library/busybox", utf8(CONFIG));
    var digest =
        registry.pushManifest(
            "library/busybox", "latest", FaultyRegistry.MANIFEST, manifest(config));
    for (var name :
        List.of(
            "busybox",
            "busybox:latest",
            "library/busybox",
            "docker.io/library/busybox",
            "index.docker.io/busybox:latest",
            "busybox@" + digest)) {
      assertThat(text(calls.manifestDigest(JsonNodeFactory.instance.textNode(name))))
          .as(name)
          .isEqualTo("+{\"digest\":\"" + digest + "\"}");
    }
  }

  @Test
  void anAnswerIsGoodForAMinute() {
    var first = push("v1", CONFIG);
    var path = FaultyRegistry.manifest(REPOSITORY, "v1");
    assertThat(text(calls.manifestDigest(image(":v1")))).contains(first.toString());
    push("v1", "{}");
    assertThat(text(calls.manifestDigest(image(":v1")))).contains(first.toString());
    assertThat(registry.requests(path)).isOne();
    // Other calls, and the same image by another name, are other questions.
    assertThat(text(calls.manifestConfig(image(":v1")))).contains("\"config\":{}");
    assertThat(OciCalls.KEPT).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void manyWhoAskTheSameAreOneQuestion() {
    var digest = push("v1", CONFIG);
    var path = FaultyRegistry.manifest(REPOSITORY, "v1");
    var answers = new ArrayList<HostCallGate.Answer>();
    for (var i = 0; i < 300; i++) {
      answers.add(calls.manifestDigest(image(":v1")));
    }
    for (var answer : answers) {
      assertThat(text(answer)).contains(digest.toString());
    }
    assertThat(registry.requests(path)).isOne();
  }

  @Test
  void aRegistryThatIsDownIsAFailure() {
    var gone = registry.host();
    registry.close();
    assertThat(text(calls.manifest(image(":v1"))))
        .startsWith(FAILED + "no connection to https://" + gone);
  }

  @Test
  void aRegistryThatIsSlowIsAFailureWithinItsLimits() {
    push("v1", CONFIG);
    use(
        new FetchLimits(
            1 << 20,
            1 << 20,
            5,
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(8)),
        sources());
    registry.fault(FaultyRegistry.manifest(REPOSITORY, "v1"), Answer.silence());
    assertThat(text(calls.manifest(image(":v1")))).contains("sent nothing for 500 ms");
    use(
        new FetchLimits(
            1 << 20,
            1 << 20,
            5,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1)),
        sources());
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, "v1"),
        Answer.drip(utf8("{\"a\":\"" + "b".repeat(5000) + "\"}"), Duration.ofMillis(100)));
    assertThat(text(calls.manifest(image(":v1")))).contains("was not over after 1000 ms");
  }

  @Test
  void manifestsAreLimitedInSize() {
    registry.pushManifest(
        REPOSITORY, "v1", FaultyRegistry.MANIFEST, "{\"a\":\"" + "b".repeat(1 << 20) + "\"}");
    assertThat(text(calls.manifest(image(":v1")))).startsWith(FAILED).contains("1048576");
    registry.fault(FaultyRegistry.manifest(REPOSITORY, "v2"), Answer.endless(200));
    assertThat(text(calls.manifest(image(":v2")))).startsWith(FAILED);
  }
}
