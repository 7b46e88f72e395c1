package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.fetch.ManifestDocument.Image;
import dev.warder.policy.fetch.ManifestDocument.Index;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestParserTest {
  private static final String OCI = FaultyRegistry.MANIFEST;
  private static final String INDEX = FaultyRegistry.INDEX;
  private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});
  private static final Digest C = Digest.of(new byte[] {3});
  private static final String LAYER = FaultyRegistry.MODULE_LAYER;

  @ParameterizedTest
  @ValueSource(
      strings = {
        OCI,
        DOCKER,
        "",
        "application/json",
        OCI + "; charset=utf-8",
        "application/octet-stream"
      })
  void readsTheLayers(String contentType) {
    assertThat(
            parse(
                contentType,
                "{'schemaVersion': 2, 'layers': [%s]}".formatted(layer(LAYER, A.toString(), "7"))))
        .isEqualTo(Outcome.done(new Image(List.of(new Descriptor(LAYER, A, 7)))));
  }

  @Test
  void takesTheOnlyLayer() {
    var only = new Descriptor(LAYER, A, 7);
    assertThat(new Image(List.of(only)).module("here")).isEqualTo(Outcome.done(only));
    var two = new Image(List.of(only, new Descriptor(LAYER, B, 8)));
    var failure = Outcomes.failure(two.module("here"));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleLayersInvalid);
    assertThat(failure.message()).contains("2 layers");
  }

  @Test
  void wantsOnlyModuleLayers() {
    var image =
        new Image(List.of(new Descriptor(LAYER, A, 7), new Descriptor("application/wasm", B, 8)));
    var failure = Outcomes.failure(image.module("here"));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleLayersInvalid);
    assertThat(failure.message()).contains("application/wasm");
    assertThat(Outcomes.failure(new Image(List.of()).module("here")).message())
        .contains("no layers");
  }

  @Test
  void choosesTheOnlyManifest() {
    assertThat(chosen(entry(A, "plan9", "mips"))).isEqualTo(Outcome.done(A));
  }

  @Test
  void choosesWebAssemblyBeforeThisMachine() {
    assertThat(chosen(entry(A, "linux", arch()), entry(B, "wasip1", "wasm"), entry(C, "a", "b")))
        .isEqualTo(Outcome.done(B));
  }

  @Test
  void choosesThisMachineBeforeOthers() {
    assertThat(
            chosen(entry(A, "plan9", arch()), entry(B, "linux", "mips"), entry(C, "linux", arch())))
        .isEqualTo(Outcome.done(C));
  }

  @Test
  void choosesNothingElse() {
    assertThat(
            Outcomes.failure(chosen(entry(A, "plan9", "mips"), entry(B, "unknown", "unknown")))
                .reason())
        .isEqualTo(Reason.ModuleManifestInvalid);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[]",
        "{",
        "null",
        "{} {}",
        "{'schemaVersion': 2}",
        "{'schemaVersion': 1, 'layers': []}",
        "{'layers': []}",
        "{'schemaVersion': 2, 'layers': [], 'manifests': []}",
        "{'schemaVersion': 2, 'layers': [], 'layers': []}",
        "{'schemaVersion': 2, 'layers': {}}",
        "{'schemaVersion': 2, 'layers': [1]}",
        "{'schemaVersion': 2, 'layers': [{'mediaType': 'a', 'size': 1}]}",
        "{'schemaVersion': 2, 'layers': [{'mediaType': 'a', 'size': 1, 'digest': 'sha512:00'}]}",
        "{'schemaVersion': 2, 'layers': [{'mediaType': 'a', 'size': 1, 'digest': 'sha256:00'}]}",
      })
  void refuses(String json) {
    assertInvalid("", json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "'1'", "null", "99999999999999999999"})
  void refusesTheSize(String size) {
    assertInvalid(
        "", "{'schemaVersion': 2, 'layers': [%s]}".formatted(layer(LAYER, A.toString(), size)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'schemaVersion': 2, 'mediaType': 'text/html', 'layers': []}",
        "{'schemaVersion': 2, 'mediaType': '" + INDEX + "', 'layers': []}",
        "{'schemaVersion': 2, 'mediaType': '" + OCI + "', 'manifests': []}",
      })
  void refusesTheTypeThatItSays(String json) {
    assertRefused(Reason.ModuleContentTypeInvalid, "", json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "[]", "{}", "{'mediaType': 'a', 'digest': 'sha256:00', 'size': 2}"})
  void refusesAConfigThatIsNone(String config) {
    assertRefused(
        Reason.ModuleConfigInvalid,
        "",
        "{'schemaVersion': 2, 'config': %s, 'layers': []}".formatted(config));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", INDEX, LIST, "application/vnd.oci.image.config.v1+json"})
  void refusesTheContentType(String contentType) {
    assertRefused(
        Reason.ModuleContentTypeInvalid, contentType, "{'schemaVersion': 2, 'layers': []}");
  }

  @Test
  void refusesTwoTypes() {
    assertRefused(
        Reason.ModuleContentTypeInvalid,
        DOCKER,
        "{'schemaVersion': 2, 'mediaType': '" + OCI + "', 'layers': []}");
  }

  @Test
  void refusesTooManyEntries() {
    var layers =
        (layer(LAYER, A.toString(), "1") + ",").repeat(1000) + layer(LAYER, A.toString(), "1");
    assertInvalid("", "{'schemaVersion': 2, 'layers': [" + layers + "]}");
  }

  @Test
  void refusesDeepNesting() {
    assertInvalid("", "[".repeat(100_000));
  }

  @Property
  void neverThrows(@ForAll byte[] bytes, @ForAll String contentType) {
    assertThat(ManifestParser.parse(bytes, contentType, "here")).isNotNull();
  }

  private static void assertInvalid(String contentType, String json) {
    assertRefused(Reason.ModuleManifestInvalid, contentType, json);
  }

  private static void assertRefused(Reason reason, String contentType, String json) {
    assertThat(Outcomes.failure(parse(contentType, json)).reason()).isEqualTo(reason);
  }

  private static Outcome<Digest> chosen(String... entries) {
    return parse(INDEX, "{'schemaVersion': 2, 'manifests': [" + String.join(",", entries) + "]}")
        .then(document -> ((Index) document).choose("here"))
        .map(Descriptor::digest);
  }

  private static Outcome<ManifestDocument> parse(String contentType, String json) {
    return ManifestParser.parse(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), contentType, "here");
  }

  private static String layer(String type, String digest, String size) {
    return "{'mediaType': '%s', 'digest': '%s', 'size': %s}".formatted(type, digest, size);
  }

  private static String entry(Digest digest, String os, String architecture) {
    return "{'mediaType': '%s', 'digest': '%s', 'size': 9, 'platform': {'os': '%s', 'architecture': '%s'}}"
        .formatted(OCI, digest, os, architecture);
  }

  private static String arch() {
    return System.getProperty("os.arch").equals("aarch64")
        ? "arm64"
        : System.getProperty("os.arch");
  }
}
