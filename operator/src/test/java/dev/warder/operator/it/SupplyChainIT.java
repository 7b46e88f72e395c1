package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.PolicyCondition;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.PrivateRegistry;
import dev.warder.policy.testing.PrivateRegistry.Form;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modules of a private registry that must be signed, by a PolicyServer's word. */
@ExtendWith(Cluster.Extension.class)
class SupplyChainIT {
  private static final String NAMESPACE = "supply-chain";
  private static final String REPOSITORY = "policies/no-latest-tag";

  private final Cluster cluster;
  private final Requests requests;
  private @TempDir Path store;
  private @TempDir Path folder;
  private PrivateRegistry registry;
  private InstanceServer server;
  private Warder warder;
  private String module;
  private String ours;

  SupplyChainIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
    cluster.controlPlane().createNamespace(NAMESPACE);
  }

  @BeforeEach
  void start() {
    registry = PrivateRegistry.start(folder);
    server = new InstanceServer(cluster, registry);
    module = registry.push(REPOSITORY, "v1", Modules.good());
    ours = registry.key("ours");
    server.pullSecret(PrivateRegistry.PASSWORD);
    required(ours);
    server.apply(Map.of());
    warder = Warder.start(cluster, store);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
    registry.close();
    server.delete();
  }

  @ParameterizedTest
  @EnumSource
  void anUnsignedModuleIsRefusedAndASignedOneServed(Form form) {
    var name = "signed-" + form.name().toLowerCase(Locale.ROOT);
    cluster.apply(policy(name));
    assertThat(warder.awaitFailed(name).reason()).isEqualTo(Reason.SignatureMissing.name());
    assertThat(requests.pod(NAMESPACE, "app:latest")).isEqualTo(new Judgement.Admitted());

    registry.sign(module, "ours", form);
    var policy = warder.awaitReady(name);

    assertThat(Warder.verification(policy).result()).isEqualTo("Verified");
    assertThat(Warder.verification(policy).signer()).isEqualTo("us");
    var table = cluster.kubectl("get", "cap", name, "-o", "wide");
    assertThat(table).contains("SIGNER").contains(Warder.verification(policy).signer());
    awaitRefusal(name);
    assertThat(new Traces(cluster, name).events(Reason.ModuleVerified.name())).hasSize(1);
    assertThat(server.ready()).returns("True", PolicyCondition::status);
  }

  @Test
  void aModuleThatNoLongerPassesIsKeptOrRejectedAsThePolicyServerSays() {
    registry.sign(module, "ours", Form.BUNDLE);
    cluster.apply(policy("lost"));
    warder.awaitReady("lost");
    awaitRefusal("lost");

    required(registry.key("theirs"));
    var lost = warder.awaitStalled("lost");
    assertThat(lost.reason()).isEqualTo(Reason.SignatureRejected.name());
    assertThat(lost.message()).endsWith("; generation 1 is still served.");
    assertThat(Warder.verification(cluster.policy("lost")).result()).isEqualTo("Lost");
    awaitRefusal("lost");

    warder.close();
    warder = Warder.start(cluster, store);
    assertThat(warder.awaitStalled("lost").reason()).isEqualTo(Reason.SignatureRejected.name());
    awaitRefusal("lost");

    server.apply(Map.of("policies.warder.dev/on-verification-loss", "reject"));
    warder.await("lost", p -> Warder.is(p, "Enforced", "False"));
    Warder.eventually("the API server goes by the failurePolicy")
        .until(() -> requests.pod(NAMESPACE, "app:1") instanceof Judgement.Broken);

    required(ours);
    assertThat(Warder.verification(warder.awaitReady("lost")).result()).isEqualTo("Verified");
    awaitRefusal("lost");

    // Now it was accepted by the very config that is asked for again after it was lost.
    required(registry.key("others"));
    assertThat(warder.awaitStalled("lost").reason()).isEqualTo(Reason.SignatureRejected.name());
    Warder.eventually("the API server goes by the failurePolicy")
        .until(() -> requests.pod(NAMESPACE, "app:1") instanceof Judgement.Broken);
    required(ours);
    assertThat(Warder.verification(warder.awaitReady("lost")).result()).isEqualTo("Verified");
    awaitRefusal("lost");
  }

  @Test
  void anEditOfTheRestGivesASuspendedPolicyNothingBack() throws Exception {
    server.apply(Map.of("policies.warder.dev/on-verification-loss", "reject"));
    registry.sign(module, "ours", Form.BUNDLE);
    var monitored = manifest("suspended").with("mode", "monitor");
    cluster.apply(monitored.json());
    warder.awaitReady("suspended");
    assertThat(answersDuring("suspended", () -> {})).containsExactly(200);

    required(registry.key("theirs"));
    warder.awaitStalled("suspended");
    var edited = monitored;
    for (var edit :
        List.<Map.Entry<String, Object>>of(
            Map.entry("mode", "protect"),
            Map.entry("message", "no such tag"),
            Map.entry("rules", List.of(PolicyManifest.podRule("*"))))) {
      edited = edited.with(edit.getKey(), edit.getValue());
      var json = edited.json();
      var answers =
          answersDuring(
              "suspended",
              () -> {
                cluster.apply(json);
                assertThat(warder.awaitStalled("suspended").reason())
                    .isEqualTo(Reason.SignatureRejected.name());
              });
      assertThat(answers).as(edit.getKey()).isNotEmpty().doesNotContain(200);
      assertThat(Warder.is(cluster.policy("suspended"), "Enforced", "False")).isTrue();
    }

    required(ours);
    var again = warder.awaitReady("suspended");
    assertThat(again.getStatus().servingGeneration()).isEqualTo(4);
    awaitRefusal("suspended");
    assertThat(requests.pod(NAMESPACE, "app:latest"))
        .isInstanceOfSatisfying(
            Judgement.Refused.class,
            refused -> assertThat(refused.message()).contains("no such tag"));
  }

  @Test
  void aConfigThatCannotBeReadAcceptsNothingAndTakesNothingAway() {
    registry.sign(module, "ours", Form.BUNDLE);
    cluster.apply(policy("before"));
    warder.awaitReady("before");

    server.signers("allOf: [{kind: pubKey, key: none}]");
    Warder.eventually("the PolicyServer says so")
        .until(() -> server.ready().reason().equals(Reason.VerificationConfigInvalid.name()));
    cluster.apply(policy("after"));

    assertThat(warder.awaitStalled("after").reason())
        .isEqualTo(Reason.VerificationConfigInvalid.name());
    assertThat(Warder.is(cluster.policy("before"), "Ready", "True")).isTrue();
    awaitRefusal("before");

    required(ours);
    warder.awaitReady("after");
  }

  @Test
  void aRotatedPullSecretNeedsNoRestart() {
    registry.sign(module, "ours", Form.BUNDLE);
    server.pullSecret("wrong");
    Warder.eventually("the PolicyServer is read")
        .until(() -> server.ready().status().equals("True"));
    cluster.apply(policy("rotated"));
    var denied = warder.awaitRetrying("rotated");
    assertThat(denied.reason()).isEqualTo(Reason.ModuleSourceDenied.name());
    assertThat(denied.message()).contains(registry.host()).doesNotContain("wrong");

    server.pullSecret(PrivateRegistry.PASSWORD);
    warder.awaitReady("rotated");
  }

  @Test
  void aRestartNeedsNoRegistry() {
    registry.sign(module, "ours", Form.BUNDLE);
    cluster.apply(policy("offline"));
    var before = warder.awaitReady("offline").getStatus();
    warder.close();
    registry.close();

    warder = Warder.start(cluster, store);

    awaitRefusal("offline");
    assertThat(cluster.policy("offline").getStatus()).isEqualTo(before);
  }

  /** Asks the webhook without a pause while something happens; the HTTP statuses that came. */
  private Set<Integer> answersDuring(String policy, Runnable happening) throws Exception {
    var webhook = new WebhookClient(cluster, warder.runtime().webhookPort());
    var over = new AtomicBoolean();
    try (var asking = Executors.newSingleThreadExecutor()) {
      var answers =
          asking.submit(
              () -> {
                var statuses = new TreeSet<Integer>();
                do {
                  statuses.add(
                      webhook.status(
                          "/validate/kw.cap." + policy, Reviews.podCreation("app:latest")));
                } while (!over.get());
                return statuses;
              });
      try {
        happening.run();
      } finally {
        over.set(true);
      }
      return answers.get();
    }
  }

  private void awaitRefusal(String policy) {
    Warder.eventually("the API server asks")
        .until(() -> requests.pod(NAMESPACE, "app:latest").refusedBy(policy));
  }

  private String policy(String name) {
    return manifest(name).json();
  }

  private PolicyManifest manifest(String name) {
    return PolicyManifest.noLatestTag(name, NAMESPACE).with("module", "registry://" + module);
  }

  private void required(String key) {
    server.signers(
        "apiVersion: v1\nallOf:\n- kind: pubKey\n  owner: us\n  key: |\n    "
            + key.strip().replace("\n", "\n    ")
            + "\n");
  }
}
