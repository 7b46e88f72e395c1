package dev.warder.operator.it;

import static dev.warder.operator.it.Modules.annotated;
import static dev.warder.operator.it.Modules.hostile;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Budgets that a policy asks for in its annotations, whose edits leave the generation alone. */
@ExtendWith(Cluster.Extension.class)
class BudgetIT {
  private static final String NAME = "budget";
  private static final String MEMORY = "policies.warder.dev/eval-memory";

  private final Cluster cluster;
  private final Requests requests;
  private @TempDir Path modules;
  private @TempDir Path store;
  private Warder warder;

  BudgetIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
  }

  @BeforeEach
  void start() {
    cluster.controlPlane().createNamespace(NAME);
    warder = Warder.start(cluster, store);
  }

  @AfterEach
  void stop() {
    warder.deleteAll();
    warder.close();
    requests.close();
  }

  @Test
  void annotationsSizeTheBudgetsOfOnePolicy() {
    cluster.apply(policy().json());
    warder.awaitReady(NAME);
    awaitBudget("128 MiB");

    annotate("32Mi");
    awaitBudget("32 MiB");
    var ready = warder.awaitReady(NAME);
    assertThat(ready.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(ready.getStatus().servingGeneration()).isEqualTo(1);

    annotate("lots");
    var unreadable = warder.awaitStalled(NAME);
    assertThat(unreadable.reason()).isEqualTo(Reason.BudgetInvalid.name());
    assertThat(unreadable.message()).contains(MEMORY, "'lots'", "generation 1 is still served");
    assertThat(misbehaved()).contains("32 MiB");

    annotate("64Gi");
    Warder.eventually("the other reason")
        .until(() -> warder.awaitStalled(NAME).message().contains("--max-eval-memory"));

    warder.close();
    warder = Warder.start(cluster, store);
    awaitBudget("32 MiB");
    assertThat(warder.awaitStalled(NAME).reason()).isEqualTo(Reason.BudgetInvalid.name());

    cluster.kubectl("annotate", "cap", NAME, MEMORY + "-");
    warder.awaitReady(NAME);
    awaitBudget("128 MiB");
  }

  @Test
  void aBudgetThatThePolicyCannotLiveOnIsRefusedAndTheFormerOneGoesOn() {
    cluster.apply(policy().json());
    warder.awaitReady(NAME);
    awaitBudget("128 MiB");

    annotate("64Ki");
    var failed = warder.awaitStalled(NAME);

    assertThat(failed.reason())
        .isIn(Reason.SettingsCheckFailed.name(), Reason.RehearsalFailed.name());
    assertThat(failed.message()).contains("memory budget of 64 KiB", MEMORY);
    assertThat(misbehaved()).contains("128 MiB");
  }

  private PolicyManifest policy() {
    var module = Modules.stored(modules, "bomb", annotated(hostile("memory-bomb"), "pods", "bomb"));
    return PolicyManifest.noLatestTag(NAME, NAME)
        .with("module", module)
        .with("timeoutSeconds", 30)
        .with("timeoutEvalSeconds", 30);
  }

  private void annotate(String memory) {
    cluster.kubectl("annotate", "cap", NAME, "--overwrite", MEMORY + "=" + memory);
  }

  private void awaitBudget(String size) {
    Warder.eventually("a budget of " + size)
        .until(() -> misbehaved().contains("memory budget of " + size + " (--eval-memory"));
  }

  private String misbehaved() {
    return requests.pod(NAME, "misbehave").toString();
  }
}
