package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.util.Map;

/**
 * A host call and its reply, as kwctl records them.
 *
 * @param request what was asked
 */
public record Exchange(Request request, Reply reply) {
  /**
   * A call in the words of kwctl's session files.
   *
   * @param type such as {@code KubernetesGetResource}
   * @param members without those that are null
   */
  record Request(String type, JsonNode members) {
    private static final Map<HostOperation, String> TYPES =
        Map.of(
            HostOperation.LIST_BY_NAMESPACE, "KubernetesListResourceNamespace",
            HostOperation.LIST_ALL, "KubernetesListResourceAll",
            HostOperation.GET, "KubernetesGetResource",
            HostOperation.CAN_I, "KubernetesCanI",
            HostOperation.MANIFEST_DIGEST, "OciManifestDigest",
            HostOperation.MANIFEST, "OciManifest",
            HostOperation.MANIFEST_CONFIG, "OciManifestAndConfig",
            HostOperation.DNS_LOOKUP, "DNSLookupHost",
            HostOperation.CERTIFICATE_TRUSTED, "CryptoIsCertificateTrusted");

    static Request of(HostOperation operation, JsonNode payload) {
      return switch (operation) {
        case VERIFY_V1 -> {
          var name = payload.fieldNames().hasNext() ? payload.fieldNames().next() : "";
          yield new Request(name, withoutNulls(payload.path(name)));
        }
        case VERIFY_V2 -> {
          var members = withoutNulls(payload);
          if (members instanceof ObjectNode object) {
            object.remove("type");
          }
          yield new Request(payload.path("type").asText(""), members);
        }
        case CAN_I -> {
          var members = Json.object();
          members.set("request", withoutNulls(payload.path("subject_access_review")));
          members.set("disable_cache", payload.path("disable_cache"));
          yield new Request(type(operation), members);
        }
        case CERTIFICATE_TRUSTED ->
            new Request(type(operation), Json.object().set("request", withoutNulls(payload)));
        case MANIFEST_DIGEST, MANIFEST, MANIFEST_CONFIG ->
            new Request(type(operation), Json.object().set("image", payload));
        case DNS_LOOKUP -> new Request(type(operation), Json.object().set("host", payload));
        case LIST_BY_NAMESPACE, LIST_ALL, GET ->
            new Request(type(operation), withoutNulls(payload));
        case LOG -> throw new IllegalArgumentException("what guests log is not recorded");
      };
    }

    private static String type(HostOperation operation) {
      return TYPES.getOrDefault(operation, operation.path());
    }

    /** A member that is null is the same as none. */
    static JsonNode withoutNulls(JsonNode value) {
      if (!(value instanceof ObjectNode object)) {
        return value;
      }
      var fitted = Json.object();
      object
          .properties()
          .forEach(
              member -> {
                if (!member.getValue().isNull()) {
                  fitted.set(member.getKey(), withoutNulls(member.getValue()));
                }
              });
      return fitted;
    }

    /** For people. */
    String text() {
      return type + " " + members;
    }
  }
}
