package dev.warder.operator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.EvaluationBudget;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetRangeTest {
  private static final EvaluationBudget USUAL = EvaluationBudget.defaults();
  private static final BudgetRange RANGE = BudgetRange.defaults();

  @Test
  void aPolicyThatAsksForNothingGetsTheUsual() {
    assertThat(granted(RANGE, 0, Map.of())).isEqualTo(USUAL);
    assertThat(granted(RANGE, 7, Map.of())).isEqualTo(USUAL.withTime(Duration.ofSeconds(7)));
  }

  @Test
  void everyBudgetCanBeAskedForUpToTheMost() {
    var asked =
        Map.of(
            "eval-memory", "512Mi",
            "eval-stdout", "64Mi",
            "eval-stderr", "16Mi",
            "eval-host-calls", "100000",
            "eval-host-replies", "256Mi");

    assertThat(granted(RANGE, 3, asked))
        .isEqualTo(RANGE.most().withTime(Duration.ofSeconds(3)))
        .isNotEqualTo(USUAL);
  }

  @Test
  void lessThanTheUsualCanBeAskedForToo() {
    assertThat(granted(RANGE, 0, Map.of("eval-memory", "100Ki", "eval-host-calls", "0")))
        .isEqualTo(USUAL.withMemoryPages(1).withHostCalls(0));
    assertThat(granted(RANGE, 0, Map.of("eval-stdout", "3k")).stdoutBytes()).isEqualTo(3000);
  }

  @ParameterizedTest
  @CsvSource({
    "eval-memory, 513Mi, 'asks for 513Mi, more than the 512Mi that this instance allows (--max-eval-memory)'",
    "eval-host-replies, 999999999Gi, more than the 256Mi",
    "eval-host-calls, 100001, 'asks for 100001, more than the 100000'",
    "eval-memory, 63Ki, is not a size of 64Ki or more",
    "eval-memory, '', is not a size",
    "eval-stdout, 0, is not a size",
    "eval-stdout, -1Mi, is not a size",
    "eval-stdout, 1.5Mi, is not a size",
    "eval-stdout, 1Ti, is not a size",
    "eval-stdout, 1e9, is not a size",
    "eval-host-calls, 1k, is not a number like 500: '1k'",
    "eval-memroy, 1Mi, 'is none of eval-memory, eval-stdout,'"
  })
  void whatCannotBeReadOrIsTooMuchIsRefused(String key, String value, String message) {
    var failure = refused(RANGE, Map.of(key, value));

    assertThat(failure.reason()).isEqualTo(Reason.BudgetInvalid);
    assertThat(failure.message())
        .startsWith("The annotation policies.warder.dev/" + key + " ")
        .contains(message);
  }

  @Test
  void theMessageShowsLittleOfALongText() {
    assertThat(refused(RANGE, Map.of("eval-stdout", "x".repeat(10_000))).message())
        .hasSizeLessThan(200);
    assertThat(refused(RANGE, Map.of("eval-" + "x".repeat(300), "1")).message())
        .hasSizeLessThan(300);
  }

  @Test
  void theUsualCanAlwaysBeAskedFor() {
    var range = new BudgetRange(USUAL.withMemoryPages(20_000), RANGE.most());

    assertThat(granted(range, 0, Map.of("eval-memory", "1250Mi")).memoryPages()).isEqualTo(20_000);
    assertThat(refused(range, Map.of("eval-memory", "1251Mi")).message()).contains("1250Mi");
  }

  @Test
  void whatWasGrantedOnceIsGrantedAgainAsFarAsItGoes() {
    var asked = Map.of("eval-memory", "4Gi", "eval-stdout", "20Mi", "eval-stderr", "much");

    assertThat(RANGE.grantAgain(spec(0), annotations(asked)))
        .isEqualTo(USUAL.withMemoryPages(8192).withStdoutBytes(20 << 20));
  }

  @Test
  void onlyAnnotationsAboutBudgetsCount() {
    var policy = new ClusterAdmissionPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .addToAnnotations("policies.warder.dev/eval-memory", "1Mi")
            .addToAnnotations("policies.warder.dev/other", "1Mi")
            .addToAnnotations("eval-stdout", "1Mi")
            .build());

    assertThat(BudgetAnnotations.of(policy).values()).containsOnly(Map.entry("eval-memory", "1Mi"));
    assertThat(BudgetAnnotations.of(new ClusterAdmissionPolicy()))
        .isEqualTo(BudgetAnnotations.NONE);
  }

  private static EvaluationBudget granted(
      BudgetRange range, int seconds, Map<String, String> asked) {
    return switch (range.grant(spec(seconds), annotations(asked))) {
      case Outcome.Done<EvaluationBudget>(var budget) -> budget;
      case Outcome.Failed<EvaluationBudget>(var failure) -> throw new AssertionError(failure);
    };
  }

  private static Failure refused(BudgetRange range, Map<String, String> asked) {
    return switch (range.grant(spec(0), annotations(asked))) {
      case Outcome.Done<EvaluationBudget>(var budget) -> throw new AssertionError(budget);
      case Outcome.Failed<EvaluationBudget>(var failure) -> failure;
    };
  }

  private static BudgetAnnotations annotations(Map<String, String> values) {
    return new BudgetAnnotations(new TreeMap<>(values));
  }

  private static ClusterAdmissionPolicySpec spec(int seconds) {
    var json = Map.of("timeoutEvalSeconds", seconds);
    return new ObjectMapper()
        .convertValue(seconds == 0 ? Map.of() : json, ClusterAdmissionPolicySpec.class);
  }
}
