package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.metadata.ExecutionMode;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RehearsalTest {
  @Test
  void createsAPod() {
    var rehearsal = rehearsal(rule("", "v1", "pods", "CREATE", "UPDATE"));

    assertThat(rehearsal.title()).isEqualTo("CREATE of Pod");
    assertThat(text(rehearsal.request().json()))
        .isEqualTo(
            """
            {"uid":"warder-rehearsal","kind":{"group":"","version":"v1","kind":"Pod"},\
            "resource":{"group":"","version":"v1","resource":"pods"},\
            "requestKind":{"group":"","version":"v1","kind":"Pod"},\
            "requestResource":{"group":"","version":"v1","resource":"pods"},\
            "name":"warder-rehearsal","namespace":"default","operation":"CREATE",\
            "userInfo":{"username":"warder-rehearsal","groups":["system:authenticated"]},\
            "object":{"apiVersion":"v1","kind":"Pod",\
            "metadata":{"name":"warder-rehearsal","namespace":"default"},\
            "spec":{"containers":[{"name":"rehearsal",\
            "image":"registry.example/warder/rehearsal:1.0.0"}]}},"dryRun":true}""");
  }

  @ParameterizedTest
  @CsvSource({
    "apps,v1,deployments,Deployment,deployments,default",
    "'*','*','*',Pod,pods,default",
    "'*','*','*/*',Pod,pods,default",
    "apps,'*','*',Deployment,deployments,default",
    "rbac.authorization.k8s.io,v1,clusterroles,ClusterRole,clusterroles,",
    "networking.k8s.io,v1,ingresses,Ingress,ingresses,default",
    "networking.k8s.io,v1,networkpolicies,NetworkPolicy,networkpolicies,default",
    "'',v1,namespaces,Namespace,namespaces,",
    "'',v1,services,Service,services,default",
    "'',v1,endpoints,Endpoints,endpoints,default",
    "example.com,v1alpha1,gateways,Gateway,gateways,default",
    "example.com,v1alpha1,policies,Policy,policies,default",
    "example.com,v1alpha1,x,X,x,default"
  })
  void choosesAKindForEachResource(
      String group,
      String version,
      String resource,
      String kind,
      String plural,
      @Nullable String namespace) {
    var request = tree(text(rehearsal(rule(group, version, resource, "*")).request().json()));

    assertThat(request.at("/kind/kind").textValue()).isEqualTo(kind);
    assertThat(request.at("/kind/group").textValue()).isEqualTo(group.replace("*", ""));
    assertThat(request.at("/kind/version").textValue()).isEqualTo(version.replace("*", "v1"));
    assertThat(request.at("/resource/resource").textValue()).isEqualTo(plural);
    assertThat(request.path("namespace").textValue()).isEqualTo(namespace);
    assertThat(request.at("/object/kind").textValue()).isEqualTo(kind);
    assertThat(request.path("operation").textValue()).isEqualTo("CREATE");
  }

  @ParameterizedTest
  @CsvSource({"CREATE,true,false", "UPDATE,true,true", "DELETE,false,true", "CONNECT,true,false"})
  void hasTheObjectsOfItsOperation(String operation, boolean object, boolean oldObject) {
    var request = tree(text(rehearsal(rule("", "v1", "pods", operation)).request().json()));

    assertThat(request.path("operation").textValue()).isEqualTo(operation);
    assertThat(request.has("object")).isEqualTo(object);
    assertThat(request.has("oldObject")).isEqualTo(oldObject);
  }

  @Test
  void namesTheSubresource() {
    var request = tree(text(rehearsal(rule("", "v1", "pods/exec", "CONNECT")).request().json()));

    assertThat(request.path("subResource").textValue()).isEqualTo("exec");
    assertThat(request.at("/resource/resource").textValue()).isEqualTo("pods");
    assertThat(
            tree(text(rehearsal(rule("", "v1", "pods/*", "CREATE")).request().json()))
                .has("subResource"))
        .isFalse();
  }

  @Test
  void givesWorkloadsAPodTemplate() {
    var deployment =
        tree(text(rehearsal(rule("apps", "v1", "deployments", "CREATE")).request().json()));
    var cronJob = tree(text(rehearsal(rule("batch", "v1", "cronjobs", "CREATE")).request().json()));

    assertThat(deployment.at("/object/spec/template/spec/containers").size()).isOne();
    assertThat(deployment.at("/object/apiVersion").textValue()).isEqualTo("apps/v1");
    assertThat(cronJob.at("/object/spec/jobTemplate/spec/template/spec/containers").size()).isOne();
  }

  @Test
  void takesAPodWhenThereAreNoRules() {
    assertThat(Rehearsal.of(metadata(PolicyType.KUBERNETES)).title()).isEqualTo("CREATE of Pod");
  }

  @Test
  void givesARawPolicyAnEmptyDocument() {
    var rehearsal = Rehearsal.of(metadata(PolicyType.RAW, rule("", "v1", "pods", "CREATE")));

    assertThat(rehearsal.request()).isInstanceOf(ValidationRequest.Raw.class);
    assertThat(text(rehearsal.request().json())).isEqualTo("{}");
  }

  @Test
  void isARequestThatAnApiServerCouldSend() {
    var request = rehearsal(rule("apps", "v1", "deployments", "UPDATE")).request();

    assertThat(AdmissionReviews.decodeRequest(request.json()))
        .isInstanceOfSatisfying(
            Decoded.Request.class,
            decoded -> assertThat(decoded.request().json()).isEqualTo(request.json()));
  }

  @Test
  void warmsUpWithEveryKindOfRequest() {
    var metadata =
        metadata(
            PolicyType.KUBERNETES,
            rule("", "v1", "pods", "CREATE", "UPDATE"),
            rule("apps", "v1", "deployments", "*"),
            rule("", "v1", "pods", "CREATE"));

    assertThat(Rehearsal.all(metadata))
        .extracting(Rehearsal::title)
        .startsWith("CREATE of Pod", "UPDATE of Pod", "CREATE of Other", "UPDATE of Other")
        .contains("CREATE of Deployment", "UPDATE of Deployment", "DELETE of Deployment")
        .doesNotHaveDuplicates()
        .hasSize(8);
    assertThat(Rehearsal.all(metadata).getFirst().title())
        .isEqualTo(Rehearsal.of(metadata).title());
  }

  @Test
  void warmsUpWithOneRequestWhereNothingIsSaid() {
    assertThat(Rehearsal.all(metadata(PolicyType.KUBERNETES)))
        .extracting(Rehearsal::title)
        .containsExactly("CREATE of Pod");
    assertThat(Rehearsal.all(metadata(PolicyType.RAW, rule("", "v1", "pods", "CREATE"))))
        .extracting(Rehearsal::title)
        .containsExactly("an empty document");
  }

  private static Rehearsal rehearsal(Rule rule) {
    return Rehearsal.of(metadata(PolicyType.KUBERNETES, rule));
  }

  private static Rule rule(String group, String version, String resource, String... operations) {
    return new Rule(
        List.of(group), List.of(version), List.of(resource, "other"), List.of(operations));
  }

  private static PolicyMetadata metadata(PolicyType type, Rule... rules) {
    return new PolicyMetadata(
        Optional.empty(),
        List.of(rules),
        Collections.emptySortedMap(),
        false,
        true,
        ExecutionMode.WASI,
        type,
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        Optional.empty());
  }
}
