package dev.warder.operator.it;

import static dev.warder.operator.it.PolicyManifest.podRule;
import static dev.warder.operator.it.PolicyManifest.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.WritableOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server itself refuses, before Warder sees it. No Warder serves these policies. */
@ExtendWith(Cluster.Extension.class)
class CrdRulesIT {
  private static final PolicyManifest MINIMAL =
      new PolicyManifest("crd-rules", Map.of())
          .with("policyServer", "nobody")
          .with("module", "registry.example/policy:v1")
          .with("mutating", false)
          .with("rules", List.of(podRule("CREATE")));

  private final Cluster cluster;

  CrdRulesIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void deleteAll() {
    cluster.kubectl("delete", "cap", "--all", "--timeout=60s");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        argumentSet("no module", MINIMAL.without("module"), "spec.module: Required value"),
        argumentSet("empty module", MINIMAL.with("module", ""), "spec.module"),
        argumentSet("no mutating", MINIMAL.without("mutating"), "spec.mutating: Required value"),
        argumentSet("no rules", MINIMAL.without("rules"), "spec.rules: Required value"),
        argumentSet("empty rules", MINIMAL.with("rules", List.of()), "at least 1 items"),
        argumentSet(
            "no operations",
            ruled(without(podRule("CREATE"), "operations")),
            "spec.rules[0].operations: Required value"),
        argumentSet(
            "empty operations",
            ruled(rule(List.of("v1"), List.of("pods"), List.of())),
            "spec.rules[0].operations"),
        argumentSet(
            "no API versions",
            ruled(without(podRule("CREATE"), "apiVersions")),
            "spec.rules[0].apiVersions: Required value"),
        argumentSet(
            "empty API versions",
            ruled(rule(List.of(), List.of("pods"), List.of("CREATE"))),
            "spec.rules[0].apiVersions"),
        argumentSet(
            "no resources",
            ruled(without(podRule("CREATE"), "resources")),
            "spec.rules[0].resources: Required value"),
        argumentSet(
            "empty resources",
            ruled(rule(List.of("v1"), List.of(), List.of("CREATE"))),
            "spec.rules[0].resources"),
        argumentSet(
            "operation of no letter", ruled(podRule("")), "operations[0]: Unsupported value"),
        argumentSet("unknown operation", ruled(podRule("PATCH")), "Unsupported value: \"PATCH\""),
        argumentSet(
            "API version of no letter",
            ruled(rule(List.of(""), List.of("pods"), List.of("CREATE"))),
            "spec.rules[0].apiVersions[0]"),
        argumentSet(
            "resource of no letter",
            ruled(rule(List.of("v1"), List.of(""), List.of("CREATE"))),
            "spec.rules[0].resources[0]"),
        argumentSet(
            "operations beside *",
            ruled(rule(List.of("v1"), List.of("pods"), List.of("CREATE", "*"))),
            "if '*' is present, no other operation may be"),
        argumentSet(
            "API versions beside *",
            ruled(rule(List.of("*", "v1"), List.of("pods"), List.of("CREATE"))),
            "if '*' is present, no other API version may be"),
        argumentSet(
            "API groups beside *",
            ruled(with(podRule("CREATE"), "apiGroups", List.of("*", "apps"))),
            "if '*' is present, no other API group may be"),
        argumentSet(
            "resources beside *",
            ruled(rule(List.of("v1"), List.of("*", "pods"), List.of("CREATE"))),
            "if '*' is present, no other resource without a subresource may be"),
        argumentSet(
            "resources beside */*",
            ruled(rule(List.of("v1"), List.of("*/*", "pods"), List.of("CREATE"))),
            "if '*/*' is present, no other resource may be"),
        argumentSet(
            "unknown scope",
            ruled(with(podRule("CREATE"), "scope", "Everywhere")),
            "Unsupported value: \"Everywhere\""),
        argumentSet(
            "evaluation longer than the default timeout",
            MINIMAL.with("timeoutEvalSeconds", 11),
            "timeoutEvalSeconds cannot be greater than timeoutSeconds"),
        argumentSet(
            "evaluation longer than the timeout",
            MINIMAL.with("timeoutSeconds", 4).with("timeoutEvalSeconds", 5),
            "timeoutEvalSeconds cannot be greater than timeoutSeconds"),
        argumentSet("timeout of 1 s", MINIMAL.with("timeoutSeconds", 1), "spec.timeoutSeconds"),
        argumentSet("timeout of 31 s", MINIMAL.with("timeoutSeconds", 31), "spec.timeoutSeconds"),
        argumentSet(
            "evaluation of 1 s", MINIMAL.with("timeoutEvalSeconds", 1), "spec.timeoutEvalSeconds"),
        argumentSet(
            "evaluation of 31 s",
            MINIMAL.with("timeoutSeconds", 30).with("timeoutEvalSeconds", 31),
            "spec.timeoutEvalSeconds"),
        argumentSet("unknown mode", MINIMAL.with("mode", "audit"), "spec.mode: Unsupported value"),
        argumentSet(
            "unknown failure policy",
            MINIMAL.with("failurePolicy", "Perhaps"),
            "spec.failurePolicy: Unsupported value"),
        argumentSet(
            "unknown match policy",
            MINIMAL.with("matchPolicy", "Similar"),
            "spec.matchPolicy: Unsupported value"),
        argumentSet(
            "side effects",
            MINIMAL.with("sideEffects", "Some"),
            "spec.sideEffects: Unsupported value"),
        argumentSet(
            "settings as a list", MINIMAL.with("settings", List.of(1)), "must be of type object"),
        argumentSet("settings as text", MINIMAL.with("settings", "x: 1"), "must be of type object"),
        argumentSet(
            "two match conditions of one name",
            conditions(List.of(condition("same"), condition("same"))),
            "spec.matchConditions[1]: Duplicate value"),
        argumentSet(
            "match condition without a name",
            conditions(List.of(Map.of("expression", "true"))),
            "spec.matchConditions[0].name: Required value"),
        argumentSet(
            "match condition without an expression",
            conditions(List.of(Map.of("name", "empty"))),
            "spec.matchConditions[0].expression: Required value"),
        argumentSet(
            "65 match conditions",
            conditions(IntStream.range(0, 65).mapToObj(n -> condition("c" + n)).toList()),
            "spec.matchConditions: Too many"),
        argumentSet(
            "a name too long for its webhook",
            MINIMAL.named("n".repeat(226)),
            "the name must have at most 225 characters"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(PolicyManifest manifest, String complaint) {
    var refusal = catchThrowableOfType(KubernetesClientException.class, dryRun(manifest)::create);

    assertThat(refusal).as("the API server takes " + manifest.json()).isNotNull();
    assertThat(refusal.getCode()).isEqualTo(422);
    assertThat(refusal).hasMessageContaining(complaint);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        argumentSet("nothing but what is required", MINIMAL),
        argumentSet("every operation", ruled(podRule("*"))),
        argumentSet(
            "all resources and a subresource",
            ruled(rule(List.of("*"), List.of("*", "pods/log"), List.of("CREATE", "CONNECT")))),
        argumentSet("no API groups", ruled(without(podRule("CREATE"), "apiGroups"))),
        argumentSet(
            "longest evaluation",
            MINIMAL.with("timeoutSeconds", 30).with("timeoutEvalSeconds", 30)),
        argumentSet("longest name", MINIMAL.named("n".repeat(225))),
        argumentSet("conditions", conditions(List.of(condition("first"), condition("second")))));
  }

  @ParameterizedTest
  @MethodSource
  void accepted(PolicyManifest manifest) {
    assertThat(dryRun(manifest).create().getMetadata().getName()).isEqualTo(manifest.name());
  }

  @Test
  void minimalPolicyGetsTheDefaults() throws Exception {
    cluster.apply(MINIMAL.json());

    var spec = stored();

    assertThat(spec.get("mode").textValue()).isEqualTo("protect");
    assertThat(spec.get("backgroundAudit").booleanValue()).isTrue();
    assertThat(spec.get("timeoutSeconds").intValue()).isEqualTo(10);
    assertThat(spec.get("allowInsideAdmissionControllerNamespace").isBoolean()).isTrue();
    assertThat(spec.get("allowInsideAdmissionControllerNamespace").booleanValue()).isFalse();
    assertThat(spec.get("module").textValue()).isEqualTo("registry.example/policy:v1");
    assertThat(spec.has("settings")).isFalse();
    assertThat(spec.has("timeoutEvalSeconds")).isFalse();
    var defaulted = dryRun(MINIMAL.named("crd-rules-default").without("policyServer")).create();
    assertThat(defaulted.<String>get("spec", "policyServer")).isEqualTo("default");
  }

  @Test
  void settingsAreKeptAsTheyAre() throws Exception {
    var settings =
        """
        {"whole": 1, "large": 9007199254740993, "fraction": 0.1, "truth": true, "empty": {},
         "text": "1", "list": [1, "one", null, [true], {"deep": {"deeper": [0]}}]}""";
    cluster.apply(MINIMAL.with("settings", new ObjectMapper().readTree(settings)).json());

    assertThat(stored().get("settings")).isEqualTo(new ObjectMapper().readTree(settings));
  }

  @Test
  void settingsMayBeNull() throws Exception {
    var manifest = Serialization.unmarshal(MINIMAL.json(), JsonNode.class);
    manifest.withObject("/spec").putNull("settings");
    cluster.apply(manifest.toString());

    assertThat(stored().path("settings").isNull() || stored().path("settings").isMissingNode())
        .isTrue();
  }

  @Test
  void policyServerIsImmutable() {
    cluster.apply(MINIMAL.json());

    var other = cluster.tryApply(MINIMAL.with("policyServer", "other").json());
    var none = cluster.tryApply(MINIMAL.without("policyServer").json());

    assertThat(other.isSuccess()).isFalse();
    assertThat(other.stderr()).contains("spec.policyServer").contains("the field is immutable");
    assertThat(none.isSuccess()).isFalse();
    assertThat(none.stderr()).contains("the field is immutable");
  }

  @Test
  void protectionCannotBeTurnedIntoMonitoring() {
    cluster.apply(MINIMAL.with("mode", "monitor").json());
    cluster.apply(MINIMAL.with("mode", "protect").json());

    var back = cluster.tryApply(MINIMAL.with("mode", "monitor").json());

    assertThat(back.isSuccess()).isFalse();
    assertThat(back.stderr())
        .contains("spec.mode")
        .contains("field cannot transition from protect to monitor");
  }

  private JsonNode stored() throws Exception {
    return new ObjectMapper()
        .readTree(cluster.kubectl("get", "cap", MINIMAL.name(), "-o", "json"))
        .get("spec");
  }

  private WritableOperation<GenericKubernetesResource> dryRun(PolicyManifest manifest) {
    var resource = Serialization.unmarshal(manifest.json(), GenericKubernetesResource.class);
    return cluster
        .admin()
        .genericKubernetesResources(resource.getApiVersion(), resource.getKind())
        .resource(resource)
        .dryRun();
  }

  private static PolicyManifest ruled(Map<String, Object> rule) {
    return MINIMAL.with("rules", List.of(rule));
  }

  private static PolicyManifest conditions(List<Map<String, Object>> conditions) {
    return MINIMAL.with("matchConditions", conditions);
  }

  private static Map<String, Object> condition(String name) {
    return Map.of("name", name, "expression", "true");
  }

  private static Map<String, Object> with(Map<String, Object> rule, String field, Object value) {
    var changed = new HashMap<>(rule);
    changed.put(field, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> rule, String field) {
    var changed = new HashMap<>(rule);
    changed.remove(field);
    return changed;
  }
}
