package dev.warder.policy.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.verify.VerifiedModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a module says about itself. */
public final class PolicyMetadataReader {
  /** The Kubewarden release whose policies this Warder runs; the patch number does not count. */
  public static final String KUBEWARDEN_COMPATIBILITY = "1.38.0";

  private static final String SECTION = "the section " + MetadataSection.NAME;
  private static final int MAX_BYTES = 1024 * 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private PolicyMetadataReader() {}

  /**
   * Reads the metadata section and checks that it describes a WASI policy for this or an older
   * Kubewarden.
   */
  public static Outcome<DescribedModule> describe(VerifiedModule module) {
    return read(module.content())
        .then(PolicyMetadataReader::onlyWasi)
        .then(PolicyMetadataReader::onlyCompatible)
        .map(metadata -> new DescribedModule(module, metadata));
  }

  /** Reads the metadata of any module, also of one that Warder does not run. */
  public static Outcome<PolicyMetadata> read(byte[] module) {
    return section(module).then(bytes -> decode(JSON, bytes, SECTION));
  }

  /** The same as it stands in the module, members that this Warder does not know included. */
  static Outcome<ObjectNode> readTree(byte[] module) {
    return section(module)
        .then(
            bytes ->
                decode(JSON, bytes, SECTION)
                    .then(_ -> tree(JSON, bytes, SECTION))
                    .map(ObjectNode.class::cast));
  }

  private static Outcome<byte[]> section(byte[] module) {
    return MetadataSection.read(module)
        .then(
            section ->
                section
                    .map(Outcome::done)
                    .orElseGet(
                        () ->
                            Outcome.failed(
                                Reason.MetadataMissing,
                                "the module has no section "
                                    + MetadataSection.NAME
                                    + "; annotate it with warder annotate or kwctl annotate")));
  }

  /** Reads a metadata.yml, as {@code kwctl annotate} takes it. */
  public static Outcome<PolicyMetadata> parseYaml(String yaml) {
    return decode(YAML, yaml.getBytes(StandardCharsets.UTF_8), "the metadata file");
  }

  private static Outcome<PolicyMetadata> decode(ObjectMapper format, byte[] bytes, String origin) {
    return tree(format, bytes, origin)
        .then(
            json -> {
              try {
                return Outcome.done(MetadataDecoder.decode(json));
              } catch (InvalidMetadata e) {
                return invalid(origin + " is wrong: " + e.getMessage());
              }
            });
  }

  private static Outcome<JsonNode> tree(ObjectMapper format, byte[] bytes, String origin) {
    if (bytes.length > MAX_BYTES) {
      return invalid(origin + " is larger than " + MAX_BYTES + " bytes");
    }
    try {
      return Outcome.done(format.readTree(bytes));
    } catch (JsonProcessingException e) {
      return invalid(origin + " cannot be parsed: " + e.getOriginalMessage());
    } catch (IOException e) {
      return invalid(origin + " cannot be parsed: " + e.getMessage());
    }
  }

  private static <T> Outcome<T> invalid(String problem) {
    return Outcome.failed(
        Reason.MetadataInvalid, problem + "; annotate the module again from a valid metadata.yml");
  }

  private static Outcome<PolicyMetadata> onlyWasi(PolicyMetadata metadata) {
    return metadata.executionMode() == ExecutionMode.WASI
        ? Outcome.done(metadata)
        : Outcome.failed(
            Reason.ExecutionModeUnsupported,
            "the module's executionMode is "
                + metadata.executionMode().json()
                + "; Warder runs only wasi, keep other policies on Kubewarden");
  }

  private static Outcome<PolicyMetadata> onlyCompatible(PolicyMetadata metadata) {
    if (metadata.minimumKubewardenVersion().isEmpty()) {
      return Outcome.done(metadata);
    }
    var needed = metadata.minimumKubewardenVersion().get();
    var version = KubewardenVersion.parse(needed);
    if (version.isEmpty()) {
      return invalid("minimumKubewardenVersion \"" + needed + "\" is no semantic version");
    }
    var ours = KubewardenVersion.parse(KUBEWARDEN_COMPATIBILITY).orElseThrow();
    if (version.get().compareTo(ours) > 0) {
      return Outcome.failed(
          Reason.KubewardenVersionUnsupported,
          "the module needs Kubewarden "
              + needed
              + ", this Warder is compatible with "
              + KUBEWARDEN_COMPATIBILITY
              + "; update Warder or use an older release of the policy");
    }
    return Outcome.done(metadata);
  }
}
