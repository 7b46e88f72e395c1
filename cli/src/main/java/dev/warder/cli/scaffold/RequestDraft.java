package dev.warder.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.cli.common.CommandFailedException;
import java.util.Optional;
import java.util.UUID;

/** The request that an API server would make of an object. */
public final class RequestDraft {
  /** What is done to the object. */
  public enum Operation {
    CREATE("CreateOptions"),
    UPDATE("UpdateOptions"),
    DELETE("DeleteOptions");

    private final String options;

    Operation(String options) {
      this.options = options;
    }
  }

  private RequestDraft() {}

  /**
   * The request.
   *
   * @param object as it will be; as it was, for a DELETE without an old one
   * @param old as it was
   */
  public static ObjectNode of(
      Operation operation,
      Optional<JsonNode> object,
      Optional<JsonNode> old,
      ResourceOfKind.Catalogue catalogue) {
    var before = operation == Operation.DELETE ? old.or(() -> object) : old;
    var after = operation == Operation.DELETE ? Optional.<JsonNode>empty() : object;
    check(operation != Operation.CREATE || old.isEmpty(), "a CREATE has no --old-object");
    check(operation == Operation.DELETE || object.isPresent(), operation + " needs --object FILE");
    check(
        operation == Operation.CREATE || before.isPresent(),
        operation + " needs --old-object FILE");
    var subject = after.or(() -> before).orElseThrow();
    return request(operation, subject, after, before, catalogue);
  }

  private static ObjectNode request(
      Operation operation,
      JsonNode subject,
      Optional<JsonNode> after,
      Optional<JsonNode> before,
      ResourceOfKind.Catalogue catalogue) {
    var apiVersion = subject.path("apiVersion").asText();
    var kind = subject.path("kind").asText();
    check(!apiVersion.isEmpty() && !kind.isEmpty(), "the object has no apiVersion or no kind");
    var slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    var version = apiVersion.substring(slash + 1);
    var resource =
        catalogue
            .find(group, version, kind)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "the kind %s of %s is not known here: name a cluster that has it with --context or --kubeconfig"
                            .formatted(kind, apiVersion)));
    var json = JsonNodeFactory.instance.objectNode();
    json.put("uid", UUID.randomUUID().toString());
    json.set("kind", triple(group, version, "kind", kind));
    json.set("resource", triple(group, version, "resource", resource.plural()));
    json.set("requestKind", triple(group, version, "kind", kind));
    json.set("requestResource", triple(group, version, "resource", resource.plural()));
    json.put("name", subject.path("metadata").path("name").asText());
    if (resource.namespaced()) {
      json.put("namespace", subject.path("metadata").path("namespace").asText("default"));
    }
    json.put("operation", operation.name());
    json.putObject("userInfo")
        .put("username", "kubernetes-admin")
        .putArray("groups")
        .add("system:masters")
        .add("system:authenticated");
    after.ifPresent(object -> json.set("object", object));
    before.ifPresent(object -> json.set("oldObject", object));
    json.put("dryRun", false);
    json.putObject("options").put("kind", operation.options).put("apiVersion", "meta.k8s.io/v1");
    return json;
  }

  private static ObjectNode triple(String group, String version, String what, String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("group", group)
        .put("version", version)
        .put(what, name);
  }

  private static void check(boolean good, String problem) {
    if (!good) {
      throw new CommandFailedException(problem);
    }
  }
}
