package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podReviewTree;
import static dev.warder.policy.testing.Outcomes.failure;
import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.json.Json;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Overrun;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that mean harm: which are never served, and what becomes of the others. */
final class HostilePoliciesIT {
  @TempDir private Path folder;

  private Workbench bench;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start-loop|TrialTimedOut|time budget",
        "trap-always|RehearsalFailed|trapped (",
        "settings-loop|TrialTimedOut|time budget",
        "instantiate-loop|TrialTimedOut|time budget"
      })
  void aModuleThatFailsItsFirstRunsIsNotServed(String module, Reason reason, String message) {
    var failure = failure(bench.prepare(bench.hostile(module, Workbench.BRIEF)));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(message);
  }

  @Test
  void aFailedRehearsalNamesItsRequest() {
    assertThat(failure(bench.prepare(bench.hostile("trap-always", Workbench.AMPLE))).message())
        .startsWith("The policy failed at a made-up request (CREATE of Pod): ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-memory",
        "big-initial-memory",
        "big-initial-table",
        "no-start",
        "start-signature",
        "unknown-import",
        "unknown-wasi-import",
        "wrong-signature",
        "imported-memory"
      })
  void aModuleThatCannotRunIsNotServed(String module) {
    var failure = failure(bench.prepare(bench.hostile(module, Workbench.AMPLE)));

    assertThat(failure.reason())
        .isIn(Reason.ModuleCompileFailed, Reason.ModuleImportUnknown, Reason.SettingsCheckFailed);
    assertThat(failure.message()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory-bomb|MEMORY|memory budget",
        "deep-recursion|CALL_DEPTH|call depth budget",
        "output-bomb|STDOUT|stdout budget",
        "stderr-bomb|STDERR|stderr budget",
        "wide-write|STDOUT|stdout budget"
      })
  void anOverrunIsARefusalThatNamesTheBudget(String module, Overrun budget, String message) {
    var answer = misbehave(module, Workbench.AMPLE);

    assertThat(answer.ending()).isEqualTo(new Ending.Overran(budget));
    assertFailed(answer, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless-loop", "long-poll"})
  void aTimeoutSaysSo(String module) {
    var answer = misbehave(module, Workbench.BRIEF);

    assertThat(answer.overrun()).contains(Overrun.TIME);
    assertFailed(answer, "time budget of 200 ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trap|the policy trapped (",
        "host-call|the policy trapped (",
        "out-of-bounds|index out of range",
        "exit-3|the policy lost its way"
      })
  void aCrashIsARefusal(String module, String message) {
    var answer = misbehave(module, Workbench.AMPLE);

    assertThat(answer.crashed()).isTrue();
    assertFailed(answer, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "garbage-json|cannot deserialize policy validation response",
        "two-answers|cannot deserialize policy validation response",
        "no-answer|cannot deserialize policy validation response",
        "non-utf8-stdout|stdout pipe",
        "non-utf8-stderr|stderr pipe"
      })
  void anUnreadableAnswerIsARefusal(String module, String message) {
    var answer = misbehave(module, Workbench.AMPLE);

    assertThat(answer.ending()).isEqualTo(new Ending.Unreadable());
    assertFailed(answer, message);
  }

  private PolicyAnswer misbehave(String module, EvaluationBudget budget) {
    var policy = value(bench.prepare(bench.hostile(module, Workbench.AMPLE)));
    var review = podReviewTree();
    assertThat(
            bench
                .evaluate(policy, AdmissionReviewFixtures.podRequest(), Workbench.AMPLE)
                .response()
                .allowed())
        .isTrue();
    review.withObject("/request/object/metadata/labels").put("please", "misbehave");
    var decoded = (Decoded.Request) AdmissionReviews.decode(Json.write(review));
    return bench.evaluate(policy, decoded.request(), budget);
  }

  private static void assertFailed(PolicyAnswer answer, String message) {
    assertThat(answer.response().allowed()).isFalse();
    var status = answer.response().status().orElseThrow();
    assertThat(status.code()).hasValue(500);
    assertThat(status.message().orElseThrow()).contains(message);
  }
}
