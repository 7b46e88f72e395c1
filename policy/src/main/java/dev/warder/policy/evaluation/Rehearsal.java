package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * A made-up request of the kind that a policy is meant for.
 *
 * @param title names it for people
 */
record Rehearsal(String title, ValidationRequest request) {
  private static final int MAX_KINDS = 8;

  /** Metadata may have thousands of combinations. */
  private static final int MAX_RULES = 64;

  private static final String NAME = "warder-rehearsal";
  private static final Rule DEFAULT_RULE =
      new Rule(List.of(""), List.of("v1"), List.of("pods"), List.of("CREATE"));

  static Rehearsal of(PolicyMetadata metadata) {
    if (metadata.policyType() == PolicyType.RAW) {
      return new Rehearsal("an empty document", new ValidationRequest.Raw(Json.object()));
    }
    return of(metadata.rules().stream().findFirst().orElse(DEFAULT_RULE));
  }

  /**
   * One for each kind of request that the policy is meant for, up to {@value #MAX_KINDS}; the first
   * is {@link #of}.
   */
  static List<Rehearsal> all(PolicyMetadata metadata) {
    var first = of(metadata);
    if (metadata.policyType() == PolicyType.RAW) {
      return List.of(first);
    }
    var others = metadata.rules().stream().flatMap(Rehearsal::single).map(Rehearsal::of);
    var byTitle = new LinkedHashMap<String, Rehearsal>();
    Stream.concat(Stream.of(first), others)
        .limit(MAX_RULES)
        .forEach(rehearsal -> byTitle.putIfAbsent(rehearsal.title(), rehearsal));
    return byTitle.values().stream().limit(MAX_KINDS).toList();
  }

  /** The rule as rules of one resource and one operation each. */
  private static Stream<Rule> single(Rule rule) {
    var operations =
        rule.operations().contains("*") ? List.of("CREATE", "UPDATE", "DELETE") : rule.operations();
    return rule.resources().stream()
        .flatMap(
            resource ->
                operations.stream()
                    .map(
                        operation ->
                            new Rule(
                                rule.apiGroups(),
                                rule.apiVersions(),
                                List.of(resource),
                                List.of(operation))));
  }

  private static Rehearsal of(Rule rule) {
    var operation = operation(rule.operations());
    var resource = RehearsalResource.of(rule);
    var request = Json.object();
    request.put("uid", NAME);
    request.set("kind", resource.groupVersionKind());
    request.set("resource", resource.groupVersionResource());
    resource.subresource().ifPresent(name -> request.put("subResource", name));
    request.set("requestKind", resource.groupVersionKind());
    request.set("requestResource", resource.groupVersionResource());
    resource.subresource().ifPresent(name -> request.put("requestSubResource", name));
    request.put("name", NAME);
    resource.namespace().ifPresent(name -> request.put("namespace", name));
    request.put("operation", operation);
    request.set("userInfo", user());
    if (!operation.equals("DELETE")) {
      request.set("object", resource.object(NAME));
    }
    if (operation.equals("DELETE") || operation.equals("UPDATE")) {
      request.set("oldObject", resource.object(NAME));
    }
    request.put("dryRun", true);
    return new Rehearsal(
        operation + " of " + resource.kind(), new ValidationRequest.Kubernetes(request));
  }

  private static String operation(List<String> operations) {
    return operations.contains("*") || operations.contains("CREATE")
        ? "CREATE"
        : operations.stream().findFirst().orElse("CREATE");
  }

  private static ObjectNode user() {
    var user = Json.object();
    user.put("username", NAME);
    user.putArray("groups").add("system:authenticated");
    return user;
  }
}
