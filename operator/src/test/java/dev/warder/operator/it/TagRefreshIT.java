package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tags that are looked up again, as an annotation asks. */
@ExtendWith(Cluster.Extension.class)
class TagRefreshIT {
  private static final String NAMESPACE = "tag-refresh";
  private static final String REPOSITORY = "policies/refreshed";

  private final Cluster cluster;
  private final Requests requests;
  private @TempDir Path store;
  private @TempDir Path folder;
  private OciRegistry registry;
  private Warder warder;

  TagRefreshIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
    cluster.controlPlane().createNamespace(NAMESPACE);
  }

  @BeforeEach
  void start() {
    registry = OciRegistry.start(folder);
    warder = Warder.start(cluster, store, FetchLimits.defaults(), Set.of(registry.host()));
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
    registry.close();
  }

  @Test
  void aMovedTagMustPassTheWholeJourney() {
    registry.push(REPOSITORY, "v1", Modules.good());
    cluster.apply(policy("refreshed"));
    cluster.kubectl("annotate", "cap", "refreshed", "policies.warder.dev/refresh-interval=10s");
    warder.awaitReady("refreshed");
    awaitRefusal("refreshed");

    registry.push(REPOSITORY, "v1", "no module".getBytes(StandardCharsets.UTF_8));
    var stalled = warder.awaitStalled("refreshed");
    assertThat(stalled.reason()).isEqualTo(Reason.ModuleNotWasm.name());
    assertThat(stalled.message())
        .startsWith("The tag names another module now: ")
        .endsWith("; generation 1 is still served.");
    assertThat(digest()).isEqualTo(Digest.of(Modules.good()));
    awaitRefusal("refreshed");

    var other = Modules.annotated(Modules.hostile("trap"), "pods", "traps when asked");
    registry.push(REPOSITORY, "v1", other);
    warder.await("refreshed", p -> digest().equals(Digest.of(other)));
    assertThat(warder.awaitReady("refreshed").getStatus().servingGeneration()).isEqualTo(1);

    registry.close();
    warder.close();
    warder = Warder.start(cluster, store, FetchLimits.defaults(), Set.of(registry.host()));
    assertThat(digest()).isEqualTo(Digest.of(other));
    assertThat(Warder.is(cluster.policy("refreshed"), "Ready", "True")).isTrue();
  }

  @Test
  void anIntervalThatCannotBeReadIsSaid() {
    registry.push(REPOSITORY, "v1", Modules.good());
    cluster.apply(policy("unreadable"));
    warder.awaitReady("unreadable");

    cluster.kubectl("annotate", "cap", "unreadable", "policies.warder.dev/refresh-interval=often");
    var stalled = warder.awaitStalled("unreadable");
    assertThat(stalled.reason()).isEqualTo(Reason.RefreshIntervalInvalid.name());
    assertThat(stalled.message()).contains("'often'");

    cluster.kubectl("annotate", "cap", "unreadable", "policies.warder.dev/refresh-interval-");
    warder.awaitReady("unreadable");
  }

  private void awaitRefusal(String policy) {
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(NAMESPACE, "app:latest").refusedBy(policy));
  }

  private Digest digest() {
    return digest(cluster.policy("refreshed"));
  }

  private static Digest digest(ClusterAdmissionPolicy policy) {
    return Digest.parse(policy.getStatus().module().digest()).orElseThrow();
  }

  private String policy(String name) {
    return PolicyManifest.noLatestTag(name, NAMESPACE)
        .with("module", "registry://" + registry.host() + "/" + REPOSITORY + ":v1")
        .json();
  }
}
