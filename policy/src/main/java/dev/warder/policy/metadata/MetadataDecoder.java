package dev.warder.policy.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a document into metadata. Unknown members are left alone; wrong types are not. */
final class MetadataDecoder {
  private static final Set<String> OPERATIONS =
      Set.of("CREATE", "UPDATE", "DELETE", "CONNECT", "*");

  private final JsonNode json;

  private MetadataDecoder(JsonNode json) {
    this.json = json;
  }

  static PolicyMetadata decode(JsonNode json) throws InvalidMetadata {
    check(json.isObject(), "it is not an object");
    return new MetadataDecoder(json).decode();
  }

  private PolicyMetadata decode() throws InvalidMetadata {
    check(json.has("rules"), "rules is missing");
    check(json.has("mutating"), "mutating is missing");
    return new PolicyMetadata(
        choice("protocolVersion", ProtocolVersion.values(), ProtocolVersion::json),
        rules(),
        annotations(),
        flag("mutating", false),
        flag("backgroundAudit", true),
        choice("executionMode", ExecutionMode.values(), ExecutionMode::json)
            .orElse(ExecutionMode.KUBEWARDEN_WAPC),
        choice("policyType", PolicyType.values(), PolicyType::json).orElse(PolicyType.KUBERNETES),
        contextAwareResources(),
        new LinkedHashSet<>(strings(json, "hostCapabilities")),
        optional("minimumKubewardenVersion"));
  }

  private List<Rule> rules() throws InvalidMetadata {
    var rules = new ArrayList<Rule>();
    for (var rule : list(json, "rules")) {
      check(rule.isObject(), "a rule is not an object");
      for (var member : List.of("apiGroups", "apiVersions", "resources", "operations")) {
        check(rule.path(member).isArray(), "a rule has no list " + member);
      }
      var operations = strings(rule, "operations");
      for (var operation : operations) {
        check(OPERATIONS.contains(operation), "\"" + operation + "\" is no operation");
      }
      rules.add(
          new Rule(
              strings(rule, "apiGroups"),
              strings(rule, "apiVersions"),
              strings(rule, "resources"),
              operations));
    }
    return rules;
  }

  private Map<String, String> annotations() throws InvalidMetadata {
    var annotations = new LinkedHashMap<String, String>();
    var node = json.path("annotations");
    check(node.isObject() || isAbsent(node), "annotations is not an object");
    for (var entry : node.properties()) {
      annotations.put(entry.getKey(), text(entry.getValue(), "annotation " + entry.getKey()));
    }
    return annotations;
  }

  private Set<ContextAwareResource> contextAwareResources() throws InvalidMetadata {
    var resources = new LinkedHashSet<ContextAwareResource>();
    for (var resource : list(json, "contextAwareResources")) {
      resources.add(
          new ContextAwareResource(
              text(resource.path("apiVersion"), "apiVersion of contextAwareResources"),
              text(resource.path("kind"), "kind of contextAwareResources")));
    }
    return resources;
  }

  private <E> Optional<E> choice(String member, E[] values, Function<E, String> nameOf)
      throws InvalidMetadata {
    var given = optional(member);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    for (var value : values) {
      if (nameOf.apply(value).equals(given.get())) {
        return Optional.of(value);
      }
    }
    var known = Stream.of(values).map(nameOf).collect(Collectors.joining(", "));
    throw new InvalidMetadata(member + " is \"" + given.get() + "\", not one of " + known);
  }

  private boolean flag(String member, boolean fallback) throws InvalidMetadata {
    var node = json.path(member);
    check(node.isBoolean() || node.isMissingNode(), member + " is not true or false");
    return node.asBoolean(fallback);
  }

  private Optional<String> optional(String member) throws InvalidMetadata {
    var node = json.path(member);
    return isAbsent(node) ? Optional.empty() : Optional.of(text(node, member));
  }

  private static List<String> strings(JsonNode json, String member) throws InvalidMetadata {
    var strings = new ArrayList<String>();
    for (var node : list(json, member)) {
      strings.add(text(node, "an entry of " + member));
    }
    return strings;
  }

  private static JsonNode list(JsonNode json, String member) throws InvalidMetadata {
    var node = json.path(member);
    check(node.isArray() || isAbsent(node), member + " is not a list");
    return node;
  }

  private static String text(JsonNode node, String what) throws InvalidMetadata {
    check(node.isTextual(), what + " is not a string");
    return node.textValue();
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static void check(boolean good, String problem) throws InvalidMetadata {
    if (!good) {
      throw new InvalidMetadata(problem);
    }
  }
}
