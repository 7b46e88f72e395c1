package dev.warder.policy.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Choice;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.fetch.ManifestDocument.Image;
import dev.warder.policy.fetch.ManifestDocument.Index;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads manifests of OCI and Docker (schema 2), and refuses any that could be read in two ways. */
final class ManifestParser {
  /** The media type of an OCI manifest. */
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  private static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** The media type of an OCI index. */
  static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  /** For the Accept header. */
  static final String ACCEPTED =
      String.join(", ", MANIFEST_TYPE, INDEX_TYPE, DOCKER_MANIFEST, DOCKER_LIST);

  private static final Set<String> IMAGES = Set.of(MANIFEST_TYPE, DOCKER_MANIFEST);
  private static final Set<String> INDEXES = Set.of(INDEX_TYPE, DOCKER_LIST);

  /** Content types that say nothing, as registries made of plain files send them. */
  private static final Set<String> VAGUE =
      Set.of("", "application/json", "application/octet-stream");

  private static final int MAX_ENTRIES = 1000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ManifestParser() {}

  /**
   * Reads a manifest.
   *
   * @param contentType the header's value, or empty
   * @param origin the manifest's name in messages
   */
  static Outcome<ManifestDocument> parse(byte[] bytes, String contentType, String origin) {
    try {
      return Outcome.done(document(JSON.readTree(bytes), essence(contentType)));
    } catch (Unusable e) {
      return ManifestDocument.failed(
          e.reason, origin + " is no usable manifest: " + e.getMessage());
    } catch (JsonProcessingException e) {
      return ManifestDocument.invalid(origin + " is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return ManifestDocument.invalid(origin + " is not readable: " + e.getMessage());
    }
  }

  private static ManifestDocument document(JsonNode json, String contentType) throws Unusable {
    check(json.isObject(), "it is not a JSON object");
    check(json.path("schemaVersion").asInt() == 2, "its schemaVersion is not 2");
    var type = type(json.path("mediaType").asText(), contentType);
    // Whoever reads one list must not be shown other content than whoever reads the other.
    check(
        json.has("layers") != json.has("manifests"),
        "it must have either layers or manifests, not both");
    if (json.has("layers")) {
      check(
          type.isEmpty() || IMAGES.contains(type),
          Reason.ModuleContentTypeInvalid,
          "it has layers, but the type " + type);
      checkConfig(json.path("config"));
      var layers = new ArrayList<Descriptor>();
      for (var layer : entries(json, "layers")) {
        layers.add(descriptor(layer));
      }
      return new Image(List.copyOf(layers));
    }
    check(
        type.isEmpty() || INDEXES.contains(type),
        Reason.ModuleContentTypeInvalid,
        "it has manifests, but the type " + type);
    var choices = new ArrayList<Choice>();
    for (var entry : entries(json, "manifests")) {
      var platform = entry.path("platform");
      choices.add(
          new Choice(
              descriptor(entry),
              platform.path("os").asText(),
              platform.path("architecture").asText()));
    }
    return new Index(List.copyOf(choices));
  }

  /** The one type that header and document agree on; empty when neither tells. */
  private static String type(String embedded, String contentType) throws Unusable {
    var declared = VAGUE.contains(contentType) ? "" : contentType;
    for (var type : List.of(embedded, declared)) {
      check(
          type.isEmpty() || isKnown(type), Reason.ModuleContentTypeInvalid, "its type is " + type);
    }
    check(
        embedded.isEmpty() || declared.isEmpty() || embedded.equals(declared),
        Reason.ModuleContentTypeInvalid,
        "it was sent as " + declared + " but says that it is " + embedded);
    return embedded.isEmpty() ? declared : embedded;
  }

  /** What it holds does not matter, and tools differ; that it is none is suspicious. */
  private static void checkConfig(JsonNode config) throws Unusable {
    check(
        config.isMissingNode() || descriptorOf(config).isPresent(),
        Reason.ModuleConfigInvalid,
        "its config is not described by a type, a sha256 digest and a size");
  }

  private static JsonNode entries(JsonNode json, String member) throws Unusable {
    var entries = json.get(member);
    check(entries.isArray(), member + " is not a list");
    check(entries.size() <= MAX_ENTRIES, member + " has more than " + MAX_ENTRIES + " entries");
    return entries;
  }

  /** Reads what an index or manifest says of a blob. */
  static Optional<Descriptor> descriptorOf(JsonNode json) {
    try {
      return Optional.of(descriptor(json));
    } catch (Unusable e) {
      return Optional.empty();
    }
  }

  private static Descriptor descriptor(JsonNode json) throws Unusable {
    var digest = json.path("digest").asText();
    var known = Digest.parse(digest);
    if (known.isEmpty()) {
      throw new Unusable(
          Reason.ModuleManifestInvalid,
          "the digest \"" + digest + "\" is not sha256: and 64 hex digits");
    }
    var size = json.path("size");
    check(size.isIntegralNumber() && size.canConvertToLong(), "an entry has no size");
    check(size.asLong() >= 0, "an entry has a negative size");
    return new Descriptor(json.path("mediaType").asText(), known.get(), size.asLong());
  }

  /** Whether a media type is one of those that {@link #ACCEPTED} has. */
  static boolean isKnown(String type) {
    return IMAGES.contains(type) || INDEXES.contains(type);
  }

  /** A content type without parameters, in lower case. */
  static String essence(String contentType) {
    var end = contentType.indexOf(';');
    return contentType
        .substring(0, end < 0 ? contentType.length() : end)
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static void check(boolean good, String problem) throws Unusable {
    check(good, Reason.ModuleManifestInvalid, problem);
  }

  private static void check(boolean good, Reason reason, String problem) throws Unusable {
    if (!good) {
      throw new Unusable(reason, problem);
    }
  }

  /** Never leaves this class. */
  private static final class Unusable extends Exception {
    private final Reason reason;

    Unusable(Reason reason, String problem) {
      super(problem);
      this.reason = reason;
    }
  }
}
