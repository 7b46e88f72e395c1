package dev.warder.policy.metadata;

import java.util.ArrayList;
import java.util.List;

/**
 * What Kubewarden asks of metadata before it puts them into a module. The rules on rules are the
 * API server's for webhooks: what passes here can become one.
 */
final class MetadataChecks {
  private static final String ANY = "*";

  private final List<String> problems = new ArrayList<>();

  private MetadataChecks() {}

  /** What is wrong, one line each; empty if nothing is. */
  static List<String> problems(PolicyMetadata metadata) {
    var checks = new MetadataChecks();
    for (int i = 0; i < metadata.rules().size(); i++) {
      checks.rule("rules[" + i + "].", metadata.rules().get(i));
    }
    for (var resource : metadata.contextAwareResources()) {
      checks.check(
          !resource.apiVersion().isBlank() && !resource.kind().isBlank(),
          "contextAwareResources has an entry with an empty apiVersion or kind");
    }
    return List.copyOf(checks.problems);
  }

  private void rule(String at, Rule rule) {
    list(at + "apiGroups", rule.apiGroups());
    list(at + "apiVersions", rule.apiVersions());
    check(!rule.apiVersions().contains(""), at + "apiVersions has an empty entry");
    list(at + "operations", rule.operations());
    check(!rule.resources().isEmpty(), at + "resources is empty: name at least one");
    ResourceRule.problems(rule.resources()).forEach(p -> problems.add(at + "resources: " + p));
  }

  private void list(String what, List<String> values) {
    check(!values.isEmpty(), what + " is empty: name at least one");
    check(
        !values.contains(ANY) || values.size() == 1, what + " has * beside others: * stands alone");
  }

  private void check(boolean good, String problem) {
    if (!good) {
      problems.add(problem);
    }
  }
}
