package dev.warder.operator.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.controlplane.Kubectl;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code config/} holds, judged by a real API server. */
class ConfigManifestsIT {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigManifestsIT.class);
  private static final Pattern DOCUMENT_END = Pattern.compile("^---$", Pattern.MULTILINE);
  private static final String ACCOUNT = "system:serviceaccount:warder-system:warder";

  private static ControlPlane controlPlane;

  @BeforeAll
  static void installWhatTheRestNeeds() {
    controlPlane = ControlPlane.start(ControlPlaneOptions.defaults(), LOG::info);
    must("apply", "--server-side", "-f", "../config/crd");
    must("apply", "--server-side", "-k", "../config/rbac");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> may("list clusteradmissionpolicies") && may("get secret/warder-tls"));
  }

  @AfterAll
  static void stop() {
    controlPlane.close();
  }

  @Test
  void theApiServerTakesEverything() {
    Kubectl.Result result =
        controlPlane
            .asAdmin()
            .run(
                "apply",
                "--server-side",
                "--dry-run=server",
                "--validate=strict",
                "-k",
                "../config");

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout().lines())
        .hasSameSizeAs(everything())
        .allMatch(line -> line.endsWith("serverside-applied (server dry run)"));
  }

  @Test
  void thePodIsAsRestrictedAsItsNamespaceDemands() {
    var pod =
        new PodBuilder()
            .withNewMetadataLike(deployment().getSpec().getTemplate().getMetadata())
            .withName("from-template")
            .withNamespace("warder-system")
            .endMetadata()
            .withSpec(deployment().getSpec().getTemplate().getSpec())
            .build();

    Kubectl.Result result =
        controlPlane
            .asAdmin()
            .runWithInput(
                Serialization.asYaml(pod),
                "create",
                "--dry-run=server",
                "--validate=strict",
                "-f-");

    assertThat(result)
        .isEqualTo(new Kubectl.Result(0, "pod/from-template created (server dry run)\n", ""));
  }

  @Test
  void theServicesReachThePod() {
    var template = deployment().getSpec().getTemplate();
    var ports =
        template.getSpec().getContainers().getFirst().getPorts().stream()
            .map(port -> port.getName())
            .toList();

    assertThat(services())
        .hasSize(2)
        .allSatisfy(
            service -> {
              assertThat(template.getMetadata().getLabels())
                  .containsAllEntriesOf(service.getSpec().getSelector());
              assertThat(service.getSpec().getPorts())
                  .extracting(ServicePort::getTargetPort)
                  .allSatisfy(target -> assertThat(ports).contains(target.getStrVal()));
            });
  }

  @Test
  void everythingCarriesTheLabelsOfTheProject() {
    assertThat(everything())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/name", "warder")
                    .containsEntry("app.kubernetes.io/part-of", "warder"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get clusteradmissionpolicies",
        "list clusteradmissionpolicies",
        "watch clusteradmissionpolicies",
        "patch clusteradmissionpolicies",
        "patch clusteradmissionpolicies --subresource=status",
        "list validatingwebhookconfigurations",
        "create validatingwebhookconfigurations",
        "patch validatingwebhookconfigurations",
        "delete validatingwebhookconfigurations",
        "watch mutatingwebhookconfigurations",
        "create mutatingwebhookconfigurations",
        "patch mutatingwebhookconfigurations",
        "delete mutatingwebhookconfigurations",
        "create secrets",
        "list policyservers",
        "watch policyservers",
        "patch policyservers --subresource=status",
        "get secret/warder-tls",
        "list secrets",
        "watch secrets",
        "update secret/warder-tls",
        "list configmaps",
        "watch configmaps",
        "create configmaps",
        "patch configmaps",
        "delete configmaps",
        "create events.events.k8s.io --namespace=default",
        "patch events.events.k8s.io --namespace=default"
      })
  void theAccountMay(String action) {
    assertThat(may(action)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create clusteradmissionpolicies",
        "update clusteradmissionpolicies",
        "delete clusteradmissionpolicies",
        "create policyservers",
        "patch policyservers",
        "update secret/another",
        "patch secret/another",
        "delete secret/warder-tls",
        "get secrets --namespace=default",
        "list secrets --namespace=default",
        "list configmaps --namespace=default",
        "create configmaps --namespace=kube-system",
        "list pods",
        "create pods",
        "list namespaces",
        "delete customresourcedefinitions",
        "bind clusterroles",
        "escalate clusterroles",
        "impersonate users",
        "create serviceaccounts --subresource=token"
      })
  void theAccountMayNot(String action) {
    assertThat(may(action)).isFalse();
  }

  private static boolean may(String action) {
    var namespace = action.contains("--namespace") ? "" : " --namespace=warder-system";
    var line = "auth can-i --quiet --as=" + ACCOUNT + " " + action + namespace;
    return controlPlane.asAdmin().run(line.split(" ")).isSuccess();
  }

  private static List<HasMetadata> everything() {
    var serialization = new KubernetesSerialization();
    return DOCUMENT_END
        .splitAsStream(must("kustomize", "../config"))
        .map(document -> serialization.<HasMetadata>unmarshal(document))
        .toList();
  }

  private static Deployment deployment() {
    return ofKind(Deployment.class).getFirst();
  }

  private static List<Service> services() {
    return ofKind(Service.class);
  }

  private static <T> List<T> ofKind(Class<T> type) {
    return everything().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static String must(String... arguments) {
    Kubectl.Result result = controlPlane.asAdmin().run(arguments);
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
    return result.stdout();
  }
}
