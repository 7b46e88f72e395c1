package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.testing.PrivateRegistry;
import dev.warder.policy.tuf.TrustRootServer;
import dev.warder.policy.verify.KeylessPusher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Authorities come and go while Warder runs; modules are signed without a key of one's own. */
@ExtendWith(Cluster.Extension.class)
class TrustRootIT {
  private static final String NAMESPACE = "trust-root";

  /** Visitors of the repository wait until the test publishes something. */
  private static final FetchLimits PATIENT =
      new FetchLimits(
          64 << 20,
          4 << 20,
          5,
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  private final Cluster cluster;
  private final Requests requests;
  private final KeylessPusher ours = new KeylessPusher();
  private final KeylessPusher theirs = new KeylessPusher();
  private @TempDir Path store;
  private @TempDir Path folder;
  private PrivateRegistry registry;
  private InstanceServer server;
  private TrustRootServer sigstore;
  private Warder warder;
  private String module;

  TrustRootIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
    cluster.controlPlane().createNamespace(NAMESPACE);
  }

  @BeforeEach
  void start() {
    sigstore = TrustRootServer.start();
    registry = PrivateRegistry.start(folder);
    module = ours.push(registry, "policies/no-latest-tag", Modules.good());
    server = new InstanceServer(cluster, registry);
    server.pullSecret(PrivateRegistry.PASSWORD);
    server.signers("allOf: [{kind: githubAction, owner: %s}]".formatted(KeylessPusher.OWNER));
    server.apply(Map.of());
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
    registry.close();
    sigstore.close();
    server.delete();
  }

  @Test
  void aModuleOfALaterAuthorityIsServedWithoutARestart() {
    warder = startWithReleaseOf(theirs);
    cluster.apply(policy("gained"));
    assertThat(warder.awaitStalled("gained").reason()).isEqualTo(Reason.SignatureRejected.name());
    assertThat(requests.pod(NAMESPACE, "app:latest")).isEqualTo(new Judgement.Admitted());

    sigstore.publish(ours.trustRoot());

    assertVerified("gained");
    awaitRefusal("gained");
  }

  @Test
  void aModuleWhoseAuthorityIsGoneIsKeptAndNotTakenAnew() {
    warder = startWithReleaseOf(ours);
    cluster.apply(policy("lost"));
    assertVerified("lost");
    awaitRefusal("lost");

    sigstore.publish(theirs.trustRoot());

    var lost = warder.awaitStalled("lost");
    assertThat(lost.reason()).isEqualTo(Reason.SignatureRejected.name());
    assertThat(lost.message()).endsWith("; generation 1 is still served.");
    assertThat(Warder.verification(cluster.policy("lost")).result()).isEqualTo("Lost");
    awaitRefusal("lost");

    warder.close();
    sigstore.hold();
    warder = startWithReleaseOf(ours);
    // Judged by what was learned before the restart, not by the release.
    cluster.apply(policy("late"));
    assertThat(warder.awaitStalled("late").reason()).isEqualTo(Reason.SignatureRejected.name());
    awaitRefusal("lost");

    sigstore.publish(ours.trustRoot());

    assertVerified("late");
    assertVerified("lost");
  }

  private Warder startWithReleaseOf(KeylessPusher release) {
    return Warder.start(
        cluster,
        store,
        PATIENT,
        Set.of(sigstore.host()),
        "127.0.0.1",
        Optional.of(sigstore.source(release.trustRoot())));
  }

  private void assertVerified(String policy) {
    var verification = Warder.verification(warder.awaitReady(policy));
    assertThat(verification.result()).isEqualTo("Verified");
    assertThat(verification.signer()).contains("https://github.com/" + KeylessPusher.OWNER + "/");
  }

  private void awaitRefusal(String policy) {
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(NAMESPACE, "app:latest").refusedBy(policy));
  }

  private String policy(String name) {
    return PolicyManifest.noLatestTag(name, NAMESPACE)
        .with("module", "registry://" + module)
        .json();
  }
}
