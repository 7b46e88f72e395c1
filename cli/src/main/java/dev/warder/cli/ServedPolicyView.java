package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.crd.ClusterAdmissionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a cluster says about one of its policies. */
final class ServedPolicyView {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern POLICY =
      Pattern.compile(
          "(?:cap|clusteradmissionpolic(?:y|ies))(?:\\.policies\\.kubewarden\\.io)?/([a-z0-9.-]+)");

  private final ObjectNode json;

  private ServedPolicyView(ObjectNode json) {
    this.json = json;
  }

  /** The policy's name, if a text names one as kubectl does. */
  static Optional<String> nameIn(String text) {
    var match = POLICY.matcher(text);
    return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
  }

  /**
   * Asks a cluster.
   *
   * @throws CommandFailedException if it has no such policy
   */
  static ServedPolicyView read(KubernetesClient client, String name) {
    var policy = client.resources(ClusterAdmissionPolicy.class).withName(name).get();
    if (policy == null) {
      // The client does not tell a missing policy from a missing custom resource.
      throw new CommandFailedException(
          client.supports(ClusterAdmissionPolicy.class)
              ? "there is no ClusterAdmissionPolicy " + name + " in the cluster: kubectl get cap"
              : "the cluster does not know ClusterAdmissionPolicy; install the custom resource:"
                  + " kubectl apply --server-side -f config/crd");
    }
    return of(JSON.valueToTree(policy));
  }

  static ServedPolicyView of(JsonNode policy) {
    var json = JsonNodeFactory.instance.objectNode();
    var status = policy.path("status");
    json.set("policy", policy.at("/metadata/name"));
    json.set("wanted", policy.at("/spec/module"));
    json.set("generation", policy.at("/metadata/generation"));
    json.set("servingGeneration", orNull(status.path("servingGeneration")));
    json.set("mode", orNull(status.path("mode")));
    json.set("module", orNull(status.path("module")));
    json.set("granted", orEmpty(policy.at("/spec/contextAwareResources")));
    json.set("conditions", orEmpty(status.path("conditions")));
    return new ServedPolicyView(json);
  }

  /** The module that is served, resolved; empty while none is. */
  Optional<String> module() {
    return Optional.ofNullable(json.at("/module/reference").textValue());
  }

  ObjectNode json() {
    return json;
  }

  void print(PrintWriter out) {
    row(out, "Policy", json.path("policy"));
    row(out, "Wanted module", json.path("wanted"));
    var serving = json.path("servingGeneration");
    InspectCommand.row(
        out,
        "Serving",
        serving.isNull()
            ? "nothing"
            : "generation %s of %s".formatted(serving.asText(), json.path("generation").asText()));
    row(out, "Mode", json.path("mode"));
    row(out, "Module", json.at("/module/reference"));
    row(out, "Digest", json.at("/module/digest"));
    row(out, "Execution", json.at("/module/execution"));
    row(out, "Signatures", json.at("/module/verification/result"));
    row(out, "Signer", json.at("/module/verification/signer"));
    var granted = new StringBuilder();
    for (var kind : json.path("granted")) {
      granted.append(granted.isEmpty() ? "" : ", ");
      granted
          .append(kind.path("apiVersion").asText())
          .append('/')
          .append(kind.path("kind").asText());
    }
    InspectCommand.row(out, "May read", granted.isEmpty() ? "nothing" : granted.toString());
    out.println("Conditions");
    for (var condition : json.path("conditions")) {
      out.printf(
          "  %-34s %-8s %s: %s%n",
          condition.path("type").asText(),
          condition.path("status").asText(),
          condition.path("reason").asText(),
          condition.path("message").asText());
    }
  }

  private static void row(PrintWriter out, String name, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull()) {
      InspectCommand.row(out, name, value.asText());
    }
  }

  private static JsonNode orNull(JsonNode node) {
    return node.isMissingNode() ? JsonNodeFactory.instance.nullNode() : node;
  }

  private static JsonNode orEmpty(JsonNode node) {
    return node.isArray() ? node : JsonNodeFactory.instance.arrayNode();
  }
}
