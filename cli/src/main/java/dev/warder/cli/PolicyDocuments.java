package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.metadata.ContextAwareResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A file of manifests, whose policies are run as they are installed. */
final class PolicyDocuments {
  private static final String GROUP = "policies.kubewarden.io/";
  private static final YAMLMapper YAML = new YAMLMapper();

  private PolicyDocuments() {}

  /** Whether what a person named is such a file, and no module. */
  static boolean isOne(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return !name.contains("://") && (lower.endsWith(".yaml") || lower.endsWith(".yml"));
  }

  /** The policies in their order; other kinds in the file are not looked at. */
  static List<RunPlan> read(Path file) throws IOException {
    var plans = new ArrayList<RunPlan>();
    try (var documents =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(LocalFiles.read(file))) {
      while (documents.hasNextValue()) {
        var document = documents.nextValue();
        if (document.path("apiVersion").asText("").startsWith(GROUP)) {
          plan(file, document).ifPresent(plans::add);
        }
      }
    } catch (JsonProcessingException e) {
      throw new CommandFailedException(
          "%s is no YAML: %s (line %d)"
              .formatted(
                  file,
                  e.getOriginalMessage(),
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
          e);
    }
    if (plans.isEmpty()) {
      throw new CommandFailedException(file + " has no policy of " + GROUP + "…");
    }
    return plans;
  }

  private static Optional<RunPlan> plan(Path file, JsonNode document) {
    var kind = document.path("kind").asText("");
    var name = document.path("metadata").path("name").asText("");
    return switch (kind) {
      case "ClusterAdmissionPolicy" -> Optional.of(plan(file, name, document.path("spec"), true));
      case "AdmissionPolicy" -> Optional.of(plan(file, name, document.path("spec"), false));
      case "PolicyServer" -> Optional.empty();
      default ->
          throw new CommandFailedException(
              "%s: %s %s cannot be run here; take ClusterAdmissionPolicy and AdmissionPolicy"
                  .formatted(file, kind, name));
    };
  }

  private static RunPlan plan(Path file, String name, JsonNode spec, boolean clusterWide) {
    var module = spec.path("module").asText("");
    if (module.isEmpty()) {
      throw new CommandFailedException("%s: policy %s has no spec.module".formatted(file, name));
    }
    var settings = spec.path("settings");
    var reads = new HashSet<ContextAwareResource>();
    if (clusterWide) {
      for (var one : spec.path("contextAwareResources")) {
        reads.add(
            new ContextAwareResource(
                one.path("apiVersion").asText(""), one.path("kind").asText("")));
      }
    }
    return new RunPlan(
        name,
        module.contains("://") ? module : "registry://" + module,
        settings.isMissingNode() ? NullNode.getInstance() : settings,
        Optional.of(Set.copyOf(reads)));
  }
}
