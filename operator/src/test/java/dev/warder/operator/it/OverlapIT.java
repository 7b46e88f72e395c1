package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.ClusterAdmissionPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** While a policy is edited, each request is judged by the old or by the new settings. */
@ExtendWith(Cluster.Extension.class)
class OverlapIT {
  private static final String POLICY = "overlap";
  private static final String NAMESPACE = "overlap";
  private static final int AWAITED_EDITS = 10;
  private static final int HASTY_EDITS = 10;

  private final Cluster cluster;
  private final Requests requests;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private Warder warder;

  OverlapIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
  }

  @BeforeEach
  void start(@TempDir Path store) {
    warder = Warder.start(cluster, store);
    cluster.controlPlane().createNamespace(NAMESPACE);
    cluster.apply(
        """
        apiVersion: policies.kubewarden.io/v1
        kind: ClusterAdmissionPolicy
        metadata: {name: %s}
        spec:
          module: %s
          mutating: false
          failurePolicy: Fail
          timeoutSeconds: 30
          rules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
          settings: {allow: ["%s"]}
        """
            .formatted(POLICY, Cluster.sampleModule("no-latest-tag"), NAMESPACE, allowed(0)));
    warder.awaitReady(POLICY);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
  }

  @Test
  void noRequestFailsOrIsJudgedByOtherSettings() throws Exception {
    try (var always = Probe.start(this::judgeWhatNoEditTouches);
        var settings = Probe.start(this::judgeWhatEditsChange)) {
      for (var done = 0; done < AWAITED_EDITS; done++) {
        edit();
        warder.awaitReady(POLICY);
        served.set(asked.get());
      }
      for (var done = 0; done < HASTY_EDITS; done++) {
        edit();
      }
      var policy = warder.awaitReady(POLICY);
      served.set(asked.get());

      assertThat(policy.getStatus().servingGeneration()).isEqualTo(1 + AWAITED_EDITS + HASTY_EDITS);
      assertThat(judgeWhatEditsChange()).isEmpty();
      always.assertNothingWentWrong();
      settings.assertNothingWentWrong();
    }
  }

  private void edit() {
    cluster
        .admin()
        .resources(ClusterAdmissionPolicy.class)
        .withName(POLICY)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"settings\": {\"allow\": [\"%s\"]}}}"
                .formatted(allowed(asked.incrementAndGet())));
  }

  private Optional<String> judgeWhatNoEditTouches() {
    var good = requests.pod(NAMESPACE, "registry.example/app:1");
    var bad = requests.pod(NAMESPACE, "registry.example/app:latest");
    return good instanceof Judgement.Admitted && bad.refusedBy(POLICY)
        ? Optional.empty()
        : Optional.of(good + " / " + bad);
  }

  /** Tries the oldest settings that may be in force, those before, and those after. */
  private Optional<String> judgeWhatEditsChange() {
    for (var step = -1; step <= 1; step++) {
      var oldest = served.get();
      var tried = oldest + step;
      var answer = requests.pod(NAMESPACE, allowed(tried) + "app:latest");
      var newest = asked.get();
      var mayBeAdmitted = oldest <= tried && tried <= newest;
      var mayBeRefused = oldest != tried || newest != tried;
      var right =
          answer instanceof Judgement.Admitted
              ? mayBeAdmitted
              : mayBeRefused && answer.refusedBy(POLICY);
      if (!right) {
        return Optional.of("%d of %d to %d: %s".formatted(tried, oldest, newest, answer));
      }
    }
    return Optional.empty();
  }

  private static String allowed(int number) {
    return "registry.example/team" + number + "/";
  }
}
