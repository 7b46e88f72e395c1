package dev.warder.policy.host.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ImageReferences;
import dev.warder.policy.reference.ModuleReference;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Reads what registries have of an image; blocks, for a limited time. */
final class ImageReads {
  private static final long MAX_CONFIG_BYTES = 4 << 20;

  /** No read begins later; each has a limit of its own. */
  private static final Duration TOTAL = Duration.ofSeconds(20);

  /** As images name what Java calls otherwise. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of("x86_64", "amd64", "aarch64", "arm64");

  private final ImageRegistries registries;

  ImageReads(ImageRegistries registries) {
    this.registries = registries;
  }

  /** A manifest with the repository that it is in. */
  record Found(Repository repository, RawManifest manifest) {}

  /** The manifest or index that an image names, as the registry gives it. */
  Outcome<Found> manifest(String image) {
    return ImageReferences.parse(image).then(reference -> manifest(image, reference));
  }

  private Outcome<Found> manifest(String image, ModuleReference.Registry reference) {
    var repository = new TimedRepository(registries.repository(reference), TOTAL);
    var asked =
        reference
            .digest()
            .map(repository::manifest)
            .orElseGet(() -> repository.tagged(reference.tag().orElseThrow()));
    return asked.then(
        found ->
            found
                .map(manifest -> Outcome.done(new Found(repository, manifest)))
                .orElseGet(
                    () -> Outcome.failed(Reason.ModuleNotFound, "there is no image " + image)));
  }

  /** The manifest of the image for this machine's kind. */
  Outcome<Found> imageManifest(String image) {
    return manifest(image)
        .then(
            found ->
                json(found.manifest())
                    .then(
                        json ->
                            json.path("manifests").isArray()
                                ? forThisMachine(image, found, json)
                                : Outcome.done(found)));
  }

  private static Outcome<Found> forThisMachine(String image, Found index, JsonNode json) {
    var name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    var architecture = ARCHITECTURES.getOrDefault(name, name);
    for (var entry : json.path("manifests")) {
      var platform = entry.path("platform");
      if (platform.path("os").asText().equals("linux")
          && platform.path("architecture").asText().equals(architecture)) {
        var digest = Digest.parse(entry.path("digest").asText());
        if (digest.isPresent()) {
          return index
              .repository()
              .manifest(digest.get())
              .then(
                  found ->
                      found
                          .map(manifest -> Outcome.done(new Found(index.repository(), manifest)))
                          .orElseGet(
                              () ->
                                  Outcome.failed(
                                      Reason.ModuleNotFound,
                                      "%s is not in the registry, though the index of %s names it"
                                          .formatted(digest.get(), image))));
        }
      }
    }
    return Outcome.failed(
        Reason.ModuleManifestInvalid,
        "the index of %s has no image for linux/%s".formatted(image, architecture));
  }

  /** The config that a manifest names. */
  static Outcome<JsonNode> config(Found found, JsonNode manifest) {
    var digest = Digest.parse(manifest.path("config").path("digest").asText());
    return digest
        .map(
            named ->
                found
                    .repository()
                    .blob(named, MAX_CONFIG_BYTES)
                    .then(bytes -> json(bytes, "the config " + named)))
        .orElseGet(
            () ->
                Outcome.failed(
                    Reason.ModuleConfigInvalid,
                    found.manifest().origin() + " names no config by its digest"));
  }

  static Outcome<JsonNode> json(RawManifest manifest) {
    return json(manifest.bytes(), "the manifest " + manifest.origin());
  }

  private static Outcome<JsonNode> json(byte[] bytes, String what) {
    try {
      var json = Json.read(bytes);
      return json.isObject()
          ? Outcome.done(json)
          : Outcome.failed(Reason.ModuleManifestInvalid, what + " is no JSON object");
    } catch (UnreadableJsonException e) {
      return Outcome.failed(
          Reason.ModuleManifestInvalid, "%s is no JSON: %s".formatted(what, e.reason()));
    }
  }
}
