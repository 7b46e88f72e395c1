package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.rawRequest;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static dev.warder.policy.testing.Outcomes.failure;
import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.evaluation.PreparationRequest.Pinned;
import dev.warder.policy.verify.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole journey with the samples. */
final class PolicyPreparerIT {
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
  @ValueSource(strings = {"required-labels", "pod-defaults", "no-latest-tag", "raw-quota"})
  void aSampleTakesAllStepsAndJudges(String sample) {
    var steps = new CopyOnWriteArrayList<String>();
    var policy = value(bench.preparer().prepare(Workbench.sample(sample, "good"), steps::add));

    assertThat(steps)
        .satisfiesExactly(
            step -> assertThat(step).startsWith("fetching file:///"),
            step -> assertThat(step).isEqualTo("verifying " + policy.fetched().digest()),
            step -> assertThat(step).contains("metadata"),
            step -> assertThat(step).contains("compiling"),
            step -> assertThat(step).contains("settings"),
            step -> assertThat(step).contains("rehearsing"));
    assertThat(policy.module().digest()).isEqualTo(policy.fetched().digest());
    assertThat(tree(text(policy.settings().json())))
        .isEqualTo(Workbench.sampleSettings(sample, "good"));

    var accepted =
        bench.evaluate(policy, Workbench.sampleRequest(policy, sample, "accept"), Workbench.AMPLE);
    var rejected =
        bench.evaluate(policy, Workbench.sampleRequest(policy, sample, "reject"), Workbench.AMPLE);
    assertThat(accepted.ending()).isEqualTo(new Ending.Answered());
    assertThat(accepted.response().allowed()).isTrue();
    assertThat(accepted.response().patch()).isEmpty();
    assertThat(accepted.timings().run()).isPositive();
    assertThat(rejected.ending()).isEqualTo(new Ending.Answered());
    assertThat(rejected.response().allowed()).isFalse();
    assertThat(rejected.response().status().orElseThrow().message()).isPresent();
  }

  @Test
  void aMutationBecomesAPatchOfTheObject() {
    var policy = value(bench.prepare(Workbench.sample("pod-defaults", "good")));
    var request =
        (ValidationRequest.Kubernetes) Workbench.sampleRequest(policy, "pod-defaults", "mutate");
    var response = bench.evaluate(policy, request, Workbench.AMPLE).response();

    var object = Objects.requireNonNull(request.object());
    var patched = ApiServerPatch.apply(object, tree(response.patch().orElseThrow()));
    assertThat(patched.at("/metadata/labels/cost-center").textValue()).isEqualTo("platform");
    assertThat(patched).isNotEqualTo(object);
  }

  @ParameterizedTest
  @ValueSource(strings = {"required-labels", "pod-defaults", "no-latest-tag", "raw-quota"})
  void badSettingsAreRefusedInThePolicysWords(String sample) {
    var failure = failure(bench.prepare(Workbench.sample(sample, "bad")));

    assertThat(failure.reason()).isEqualTo(Reason.SettingsRejected);
    assertThat(failure.message())
        .startsWith("Policy settings are invalid: ")
        .doesNotEndWith("no message");
  }

  @Test
  void settingsOfAWrongTypeStopTheJourneyBeforeAnythingIsFetched() {
    var steps = new CopyOnWriteArrayList<String>();
    var request =
        new PreparationRequest(
            "registry://127.0.0.1:1/a:b",
            tree("[]"),
            Workbench.AMPLE,
            Optional.empty(),
            Requirement.NONE);

    assertThat(failure(bench.preparer().prepare(request, steps::add)).reason())
        .isEqualTo(Reason.SettingsRejected);
    assertThat(steps).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not a reference|ModuleReferenceInvalid",
        "file:///no/such/file.wasm|ModuleNotFound"
      })
  void aFailureOfAnEarlyStepIsHandedOn(String module, Reason reason) {
    var request =
        new PreparationRequest(module, null, Workbench.AMPLE, Optional.empty(), Requirement.NONE);

    assertThat(failure(bench.prepare(request)).reason()).isEqualTo(reason);
  }

  @Test
  void policiesOfOneModuleShareItsProgram() {
    var one = value(bench.prepare(Workbench.sample("no-latest-tag", "good")));
    var other = value(bench.prepare(Workbench.sample("no-latest-tag", "good")));

    assertThat(other.module()).isSameAs(one.module());
    assertThat(other).isNotSameAs(one);
  }

  @Test
  void aPinnedModuleIsTakenFromTheStore() throws Exception {
    var source = folder.resolve("policy.wasm");
    Files.copy(Workbench.sampleModule("no-latest-tag"), source);
    var request =
        Workbench.request(
            source, Workbench.sampleSettings("no-latest-tag", "good"), Workbench.AMPLE);
    var first = value(bench.prepare(request)).fetched();
    Files.write(source, Workbench.hostileModule("trap"));

    var pinned = new Pinned(first.immutableReference(), first.digest());
    var again =
        value(
            bench.prepare(
                new PreparationRequest(
                    request.module(),
                    request.settings(),
                    Workbench.AMPLE,
                    Optional.of(pinned),
                    Requirement.NONE)));
    assertThat(again.fetched().digest()).isEqualTo(first.digest());
  }

  @Test
  void aPolicyThatLoopsHoldsUpNoOther() throws Exception {
    var steps = new CopyOnWriteArrayList<String>();
    var slow =
        new FutureTask<>(
            () ->
                bench.preparer().prepare(bench.hostile("start-loop", Workbench.AMPLE), steps::add));
    var slowThread = Thread.ofPlatform().start(slow);
    await().until(() -> steps.contains("rehearsing a request"));

    assertThat(bench.prepare(Workbench.sample("no-latest-tag", "good")))
        .isInstanceOf(Outcome.Done.class);
    assertThat(slow.isDone()).isFalse();

    slowThread.interrupt();
    assertThat(failure(slow.get()).reason()).isEqualTo(Reason.InternalError);
    await().untilAsserted(() -> assertThat(threadNames()).noneMatch(n -> n.contains("proving")));
  }

  @Test
  void guestCodeRunsOnGuestThreadsOnly() {
    var policy = value(bench.prepare(Workbench.sample("raw-quota", "good")));

    assertThatThrownBy(() -> policy.evaluate(rawRequest("{}"), Workbench.AMPLE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatNobodyForesawIsAFailureToo() {
    StepListener broken =
        _ -> {
          throw new IllegalStateException("no listener");
        };

    assertThat(failure(bench.preparer().prepare(Workbench.sample("no-latest-tag", "good"), broken)))
        .extracting(Failure::reason)
        .isEqualTo(Reason.InternalError);
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
