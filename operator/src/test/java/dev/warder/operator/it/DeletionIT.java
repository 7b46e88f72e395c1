package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A policy that goes leaves nothing behind, and what is not Warder's stays. */
@ExtendWith(Cluster.Extension.class)
class DeletionIT {
  private static final String NAMESPACE = "deletion";
  private static final String LATEST = "app:latest";

  /** A source that answers nothing is given up far later than any deletion may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Cluster cluster;
  private @TempDir Path store;
  private Requests requests;
  private HttpServer hanging;
  private CountDownLatch asked;
  private CountDownLatch over;
  private Warder warder;

  DeletionIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start() throws Exception {
    cluster.controlPlane().createNamespace(NAMESPACE);
    requests = new Requests(cluster);
    asked = new CountDownLatch(1);
    over = new CountDownLatch(1);
    hanging = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hanging.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    hanging
        .createContext("/")
        .setHandler(
            exchange -> {
              asked.countDown();
              await(over);
              exchange.close();
            });
    hanging.start();
    warder = start(store);
  }

  private Warder start(Path store) {
    var limits = FetchLimits.defaults();
    return Warder.start(
        cluster,
        store,
        new FetchLimits(
            limits.maxModuleBytes(),
            limits.maxManifestBytes(),
            limits.maxRedirects(),
            limits.connectTimeout(),
            PATIENCE,
            PATIENCE),
        Set.of(hangingHost()));
  }

  @AfterEach
  void stop() {
    over.countDown();
    warder.deleteAll();
    warder.close();
    requests.close();
    hanging.stop(0);
  }

  @Test
  void deletedPolicyLeavesNothing() throws Exception {
    for (var mutating : List.of(false, true)) {
      var name = "deleted-" + mutating;
      served(PolicyManifest.noLatestTag(name, NAMESPACE).with("mutating", mutating));
      var traces = new Traces(cluster, name);
      assertThat(traces.webhook()).isTrue();
      assertThat(traces.kept()).isPresent();

      delete(name);

      assertThat(traces.webhook()).isFalse();
      assertThat(traces.kept()).isEmpty();
      Warder.eventually("an Event")
          .until(() -> traces.events(Reason.PolicyRemoved.name()).size() == 1);
      Warder.eventually("nothing is refused any more")
          .until(() -> requests.pod(NAMESPACE, LATEST) instanceof Judgement.Admitted);
      var webhook = new WebhookClient(cluster, warder.runtime().webhookPort());
      Warder.eventually("the route is gone when API servers have forgotten the webhook")
          .until(
              () ->
                  webhook.status("/validate/" + traces.id(), Reviews.podCreation("app:1")) == 404);
    }
  }

  @Test
  void deletionWaitsForNoSource() throws Exception {
    var policy =
        PolicyManifest.noLatestTag("deleted-hanging", NAMESPACE)
            .with("module", "http://" + hangingHost() + "/policy.wasm");
    cluster.apply(policy.json());
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    warder.await(policy.name(), p -> Warder.is(p, "Ready", "Unknown"));

    delete(policy.name());

    assertThat(over.getCount()).as("the source still hangs").isEqualTo(1);
    assertThat(new Traces(cluster, policy.name()).webhook()).isFalse();
    served(PolicyManifest.noLatestTag("deleted-hanging", NAMESPACE));
  }

  @Test
  void deletionOfAServedPolicyWaitsForNoSource() throws Exception {
    var policy = PolicyManifest.noLatestTag("deleted-edited", NAMESPACE);
    served(policy);
    cluster.apply(policy.with("module", "http://" + hangingHost() + "/policy.wasm").json());
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

    delete(policy.name());

    assertThat(over.getCount()).as("the source still hangs").isEqualTo(1);
    assertThat(new Traces(cluster, policy.name()).webhook()).isFalse();
    assertThat(new Traces(cluster, policy.name()).kept()).isEmpty();
  }

  @Test
  void nameIsServedAgainAtOnce() throws Exception {
    var policy = PolicyManifest.noLatestTag("deleted-again", NAMESPACE);
    served(policy);
    var first = cluster.policy(policy.name()).getMetadata().getUid();

    delete(policy.name());
    served(policy.with("settings", Map.of("allow", List.of("second.example/"))));

    var second = cluster.policy(policy.name());
    assertThat(second.getMetadata().getUid()).isNotEqualTo(first);
    assertThat(second.getStatus().servingGeneration()).isEqualTo(1);
    assertThat(new Traces(cluster, policy.name()).kept().orElseThrow().getData())
        .containsEntry("uid", second.getMetadata().getUid());
    Awaitility.await("the first one's end does not end the second")
        .during(Duration.ofSeconds(12))
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                requests.pod(NAMESPACE, LATEST).refusedBy(policy.name())
                    && requests.pod(NAMESPACE, "second.example/app") instanceof Judgement.Admitted);
  }

  @Test
  void startRemovesWhatPoliciesLeftThatWentMeanwhile() {
    var policy = PolicyManifest.noLatestTag("deleted-unseen", NAMESPACE);
    served(policy);
    served(PolicyManifest.noLatestTag("not-deleted", NAMESPACE));
    var orphan = new Traces(cluster, policy.name());
    var foreign = configuration("kw.cap.foreign", Map.of());
    var neighbour =
        configuration(
            "kw.cap.neighbour",
            Map.of(
                "app.kubernetes.io/managed-by",
                "warder",
                "app.kubernetes.io/instance",
                "neighbour"));
    warder.close();
    cluster.kubectl("delete", "cap", policy.name(), "--wait=false");
    cluster.kubectl(
        "patch",
        "cap",
        policy.name(),
        "--type=merge",
        "-p",
        "{\"metadata\": {\"finalizers\": null}}");
    assertThat(orphan.webhook()).isTrue();

    warder = start(store);

    Warder.eventually("no orphan").until(() -> !orphan.webhook() && orphan.kept().isEmpty());
    assertThat(new Traces(cluster, "foreign").validating()).contains(foreign);
    assertThat(new Traces(cluster, "neighbour").validating()).contains(neighbour);
    warder.awaitReady("not-deleted");
    assertThat(new Traces(cluster, "not-deleted").webhook()).isTrue();
    assertThat(new Traces(cluster, "not-deleted").kept()).isPresent();
    cluster.admin().resourceList(foreign, neighbour).delete();
  }

  @Test
  void policiesOfOthersAreLeftAlone() {
    var others =
        PolicyManifest.noLatestTag("of-others", NAMESPACE).with("policyServer", "somebody");
    cluster.apply(others.json());
    var before = cluster.policy("of-others");
    served(PolicyManifest.noLatestTag("of-ours", NAMESPACE));
    cluster.apply(others.with("message", "edited").json());
    var edited = cluster.policy("of-others");
    served(PolicyManifest.noLatestTag("of-ours", NAMESPACE).with("message", "edited"));

    var after = cluster.policy("of-others");
    assertThat(before.getStatus()).isNull();
    assertThat(after.getStatus()).isNull();
    assertThat(after.getMetadata().getFinalizers()).isEmpty();
    assertThat(after.getMetadata().getResourceVersion())
        .isEqualTo(edited.getMetadata().getResourceVersion());
    var traces = new Traces(cluster, "of-others");
    assertThat(traces.webhook()).isFalse();
    assertThat(traces.kept()).isEmpty();
    assertThat(traces.events()).isEmpty();
    delete("of-others");
  }

  private void served(PolicyManifest policy) {
    cluster.apply(policy.json());
    warder.awaitReady(policy.name());
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(NAMESPACE, LATEST).refusedBy(policy.name()));
  }

  /** Returns when the policy is gone. */
  private void delete(String policy) {
    cluster.kubectl("delete", "cap", policy, "--timeout=60s");
    assertThat(cluster.admin().resources(ClusterAdmissionPolicy.class).withName(policy).get())
        .isNull();
  }

  private ValidatingWebhookConfiguration configuration(String name, Map<String, String> labels) {
    return cluster
        .admin()
        .resource(
            new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  private String hangingHost() {
    return "127.0.0.1:" + hanging.getAddress().getPort();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
