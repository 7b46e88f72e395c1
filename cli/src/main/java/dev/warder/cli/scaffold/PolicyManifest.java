package dev.warder.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.Rule;
import java.util.List;
import java.util.Optional;

/** A ClusterAdmissionPolicy to begin with, from what a module says about itself. */
public final class PolicyManifest {
  private static final String TITLE = "io.kubewarden.policy.title";
  private static final List<String> KEPT =
      List.of("io.kubewarden.policy.severity", "io.kubewarden.policy.category");

  private PolicyManifest() {}

  /**
   * The manifest.
   *
   * @param module as it goes into spec.module
   * @param title its name; else the module's own title
   * @param reads whether it may read what the module says it reads
   */
  public static ObjectNode of(
      String module,
      PolicyMetadata metadata,
      Optional<String> title,
      Optional<JsonNode> settings,
      boolean reads) {
    var manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("apiVersion", "policies.kubewarden.io/v1");
    manifest.put("kind", "ClusterAdmissionPolicy");
    var about = manifest.putObject("metadata");
    about.put("name", name(metadata, title));
    for (var annotation : KEPT) {
      var value = metadata.annotations().get(annotation);
      if (value != null) {
        about.withObject("/annotations").put(annotation, value);
      }
    }
    var spec = manifest.putObject("spec");
    spec.put("module", module);
    spec.put("mutating", metadata.mutating());
    spec.put("backgroundAudit", metadata.backgroundAudit());
    var rules = spec.putArray("rules");
    metadata.rules().forEach(rule -> rules.add(json(rule)));
    if (reads && !metadata.contextAwareResources().isEmpty()) {
      var resources = spec.putArray("contextAwareResources");
      metadata
          .contextAwareResources()
          .forEach(
              kind ->
                  resources
                      .addObject()
                      .put("apiVersion", kind.apiVersion())
                      .put("kind", kind.kind()));
    }
    spec.set("settings", settings.orElseGet(JsonNodeFactory.instance::objectNode));
    return manifest;
  }

  private static String name(PolicyMetadata metadata, Optional<String> title) {
    if (title.isPresent()) {
      return Names.checked("--title", title.get());
    }
    var name = Names.from(metadata.annotations().getOrDefault(TITLE, ""));
    if (name.isEmpty()) {
      throw new CommandFailedException(
          "the module has no annotation " + TITLE + ": name the policy with --title");
    }
    return name;
  }

  private static ObjectNode json(Rule rule) {
    var json = JsonNodeFactory.instance.objectNode();
    add(json.putArray("apiGroups"), rule.apiGroups());
    add(json.putArray("apiVersions"), rule.apiVersions());
    add(json.putArray("resources"), rule.resources());
    add(json.putArray("operations"), rule.operations());
    return json;
  }

  private static void add(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
