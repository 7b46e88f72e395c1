package dev.warder.policy.metadata;

import java.util.List;

/** Which requests a policy is meant for; the operations are those of a webhook rule. */
public record Rule(
    List<String> apiGroups,
    List<String> apiVersions,
    List<String> resources,
    List<String> operations) {

  public Rule {
    apiGroups = List.copyOf(apiGroups);
    apiVersions = List.copyOf(apiVersions);
    resources = List.copyOf(resources);
    operations = List.copyOf(operations);
  }
}
