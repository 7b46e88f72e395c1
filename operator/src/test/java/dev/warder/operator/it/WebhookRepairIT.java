package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever others do to a webhook configuration is undone; otherwise nothing is written. */
@ExtendWith(Cluster.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookRepairIT {
  private static final String POLICY = "repair";
  private static final String STEADY = "steady";
  private static final String REPAIRED = Reason.WebhookConfigurationRepaired.name();
  private static final Duration STEADY_TIME = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final Traces traces;
  private Warder warder;

  WebhookRepairIT(Cluster cluster) {
    this.cluster = cluster;
    this.traces = new Traces(cluster, POLICY);
  }

  @BeforeAll
  void start(@TempDir Path store) {
    warder = Warder.start(cluster, store);
    var conditions = List.of(Map.of("name", "ours", "expression", "request.name != 'exempt'"));
    cluster.apply(
        PolicyManifest.noLatestTag(POLICY, POLICY).with("matchConditions", conditions).json());
    warder.awaitReady(POLICY);
  }

  @AfterAll
  void stop() {
    warder.deleteAll();
    warder.close();
  }

  static Stream<Arguments> undone() {
    return Stream.of(
        tampering(
            "rules edited",
            patch(
                """
                [{"op": "replace", "path": "/webhooks/0/rules/0/resources", "value": ["secrets"]}]
                """)),
        tampering(
            "rule added",
            patch(
                """
                [{"op": "add", "path": "/webhooks/0/rules/-", "value":
                  {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"],
                   "operations": ["*"]}}]
                """)),
        tampering(
            "failure policy edited",
            patch(
                """
                [{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Ignore"}]
                """)),
        tampering(
            "authority edited",
            patch("[{\"op\": \"remove\", \"path\": \"/webhooks/0/clientConfig/caBundle\"}]")),
        tampering(
            "namespace selector widened",
            patch(
                """
                [{"op": "remove", "path": "/webhooks/0/namespaceSelector/matchExpressions"}]
                """)),
        tampering("match condition added by another field manager", asIntruder(EXTRA_CONDITION)),
        tampering("webhook added by another field manager", asIntruder(EXTRA_WEBHOOK)),
        tampering("webhooks removed", patch("[{\"op\": \"remove\", \"path\": \"/webhooks\"}]")),
        tampering(
            "deleted",
            (cluster, id) -> cluster.kubectl("delete", "validatingwebhookconfiguration", id)),
        tampering(
            "labels stripped", patch("[{\"op\": \"remove\", \"path\": \"/metadata/labels\"}]")),
        tampering(
            "annotations stripped",
            patch("[{\"op\": \"remove\", \"path\": \"/metadata/annotations\"}]")));
  }

  private static final String EXTRA_CONDITION =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: "%1$s"}
      webhooks:
      - name: "%1$s.kubewarden.admission"
        matchConditions: [{name: never, expression: "false"}]
      """;

  private static final String EXTRA_WEBHOOK =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: "%1$s"}
      webhooks:
      - name: intruder.example.org
        clientConfig: {url: "https://127.0.0.1:1/nothing"}
        failurePolicy: Ignore
        sideEffects: None
        admissionReviewVersions: [v1]
      """;

  @ParameterizedTest
  @MethodSource
  void undone(BiConsumer<Cluster, String> tampering) {
    var before = traces.validating().orElseThrow();
    var told = traces.events(REPAIRED).size();

    tampering.accept(cluster, traces.id());

    Warder.eventually("an Event " + REPAIRED)
        .until(() -> traces.events(REPAIRED).size() == told + 1);
    var after = traces.validating().orElseThrow();
    assertThat(after.getMetadata().getResourceVersion())
        .isNotEqualTo(before.getMetadata().getResourceVersion());
    assertThat(after.getWebhooks()).isEqualTo(before.getWebhooks());
    assertThat(after.getMetadata().getLabels()).isEqualTo(before.getMetadata().getLabels());
    assertThat(after.getMetadata().getAnnotations())
        .isEqualTo(before.getMetadata().getAnnotations());
    assertThat(Warder.is(cluster.policy(POLICY), "Ready", "True")).isTrue();
  }

  @Test
  void steadyStateWritesNothing() {
    var manifest = PolicyManifest.noLatestTag(STEADY, STEADY);
    var refused = Map.of("allow", "text");
    cluster.apply(manifest.named("steady-ready").json());
    cluster.apply(manifest.named("steady-mutating").with("mutating", true).json());
    cluster.apply(manifest.named("steady-monitor").with("mode", "monitor").json());
    cluster.apply(manifest.named("steady-stalled").with("settings", refused).json());
    cluster.apply(manifest.named("steady-old").json());
    cluster.apply(manifest.named("steady-retried").with("module", "file:///no/such.wasm").json());
    Stream.of("steady-ready", "steady-mutating", "steady-monitor", "steady-old")
        .forEach(warder::awaitReady);
    cluster.apply(manifest.named("steady-old").with("settings", refused).json());
    Stream.of("steady-stalled", "steady-old").forEach(warder::awaitStalled);
    warder.awaitRetrying("steady-retried");
    Stream.of("steady-stalled", "steady-old", "steady-retried")
        .forEach(
            policy ->
                Warder.eventually("the last write, an Event")
                    .until(
                        () ->
                            new Traces(cluster, policy)
                                .events().stream().anyMatch(e -> e.getType().equals("Warning"))));

    var audit = new AuditLog(cluster);
    var writes = audit.writesOfWarder();
    var versions = versions();
    assertThat(writes).anyMatch(write -> write.contains("/steady-stalled/status"));
    assertThat(versions).hasSizeGreaterThan(6 + 4 + 4);
    Awaitility.await("no write for " + STEADY_TIME)
        .during(STEADY_TIME)
        .atMost(STEADY_TIME.plusSeconds(20))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(audit.writesOfWarder()).isEqualTo(writes));
    assertThat(versions()).isEqualTo(versions);
  }

  /** The resource versions of all that Warder writes. */
  private Map<String, String> versions() {
    var admin = cluster.admin();
    var v1 = admin.admissionRegistration().v1();
    return Stream.of(
            admin.resources(ClusterAdmissionPolicy.class).list().getItems(),
            v1.validatingWebhookConfigurations().list().getItems(),
            v1.mutatingWebhookConfigurations().list().getItems(),
            admin.configMaps().inNamespace(Cluster.NAMESPACE).list().getItems(),
            admin.secrets().inNamespace(Cluster.NAMESPACE).list().getItems(),
            admin.events().v1().events().inNamespace("default").list().getItems())
        .<HasMetadata>flatMap(List::stream)
        .collect(
            Collectors.toMap(
                object -> object.getKind() + " " + object.getMetadata().getName(),
                object -> object.getMetadata().getResourceVersion()));
  }

  private static Arguments tampering(String name, BiConsumer<Cluster, String> tampering) {
    return argumentSet(name, tampering);
  }

  private static BiConsumer<Cluster, String> patch(String patch) {
    return (cluster, id) ->
        cluster.kubectl("patch", "validatingwebhookconfiguration", id, "--type=json", "-p", patch);
  }

  private static BiConsumer<Cluster, String> asIntruder(String manifest) {
    return (cluster, id) -> {
      var applied =
          cluster
              .controlPlane()
              .asAdmin()
              .runWithInput(
                  manifest.formatted(id),
                  "apply",
                  "--server-side",
                  "--field-manager=intruder",
                  "-f",
                  "-");
      assertThat(applied.isSuccess()).as(applied.stderr()).isTrue();
    };
  }
}
