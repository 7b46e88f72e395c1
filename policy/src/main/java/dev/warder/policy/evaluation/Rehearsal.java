package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import java.util.List;

/**
 * A made-up request of the kind that a policy is meant for.
 *
 * @param title names it for people
 */
record Rehearsal(String title, ValidationRequest request) {
  private static final String NAME = "warder-rehearsal";
  private static final Rule DEFAULT_RULE =
      new Rule(List.of(""), List.of("v1"), List.of("pods"), List.of("CREATE"));

  static Rehearsal of(PolicyMetadata metadata) {
    if (metadata.policyType() == PolicyType.RAW) {
      return new Rehearsal("an empty document", new ValidationRequest.Raw(Json.object()));
    }
    return of(metadata.rules().stream().findFirst().orElse(DEFAULT_RULE));
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
