package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podReviewTree;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.rawRequest;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static dev.warder.policy.testing.Outcomes.failure;
import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.evaluation.PreparationRequest.Pinned;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.metadata.ExecutionMode;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole journey with real modules: the samples, and modules that mean harm. */
final class PolicyPreparerIT {
  private static final Path SAMPLES = Path.of("..", "samples");

  /** So much time that only a broken engine uses it up. */
  private static final EvaluationBudget AMPLE =
      EvaluationBudget.defaults().withTime(Duration.ofMinutes(2));

  private static final EvaluationBudget BRIEF =
      EvaluationBudget.defaults().withTime(Duration.ofMillis(200));

  @TempDir private Path folder;

  private final ExecutorService guests =
      Executors.newSingleThreadExecutor(GuestThreads.factory("test-guest"));
  private final WasiEngine engine = new WasiEngine();
  private ModuleFetcher fetcher;
  private PolicyPreparer preparer;

  @BeforeEach
  void open() {
    fetcher =
        new ModuleFetcher(
            new ModuleStore(folder.resolve("store")), FetchLimits.defaults(), Set.of());
    preparer = new PolicyPreparer(fetcher, engine);
  }

  @AfterEach
  void close() {
    guests.shutdownNow();
    fetcher.close();
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"required-labels", "pod-defaults", "no-latest-tag", "raw-quota"})
  void aSampleTakesAllStepsAndJudges(String sample) {
    var steps = new CopyOnWriteArrayList<String>();
    var policy = value(preparer.prepare(sampleRequest(sample, "good", AMPLE), steps::add));

    assertThat(steps)
        .satisfiesExactly(
            step -> assertThat(step).startsWith("fetching file:///"),
            step -> assertThat(step).isEqualTo("verifying " + policy.fetched().digest()),
            step -> assertThat(step).contains("metadata"),
            step -> assertThat(step).contains("compiling"),
            step -> assertThat(step).contains("settings"),
            step -> assertThat(step).contains("rehearsing"));
    assertThat(policy.module().digest()).isEqualTo(policy.fetched().digest());
    assertThat(tree(text(policy.settings().json()))).isEqualTo(settings(sample, "good"));

    var accepted = evaluate(policy, sampleRequestFile(policy, sample, "accept"), AMPLE);
    var rejected = evaluate(policy, sampleRequestFile(policy, sample, "reject"), AMPLE);
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
    var policy = value(prepare(sampleRequest("pod-defaults", "good", AMPLE)));
    var request =
        (ValidationRequest.Kubernetes) sampleRequestFile(policy, "pod-defaults", "mutate");
    var response = evaluate(policy, request, AMPLE).response();

    var object = Objects.requireNonNull(request.object());
    var patched = ApiServerPatch.apply(object, tree(response.patch().orElseThrow()));
    assertThat(patched.at("/metadata/labels/cost-center").textValue()).isEqualTo("platform");
    assertThat(patched).isNotEqualTo(object);
  }

  @ParameterizedTest
  @ValueSource(strings = {"required-labels", "pod-defaults", "no-latest-tag", "raw-quota"})
  void badSettingsAreRefusedInThePolicysWords(String sample) {
    var failure = failure(prepare(sampleRequest(sample, "bad", AMPLE)));

    assertThat(failure.reason()).isEqualTo(Reason.SettingsRejected);
    assertThat(failure.message())
        .startsWith("Policy settings are invalid: ")
        .doesNotEndWith("no message");
  }

  @Test
  void settingsOfAWrongTypeStopTheJourneyBeforeAnythingIsFetched() {
    var steps = new CopyOnWriteArrayList<String>();
    var request =
        new PreparationRequest("registry://127.0.0.1:1/a:b", tree("[]"), AMPLE, Optional.empty());

    assertThat(failure(preparer.prepare(request, steps::add)).reason())
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
    var request = new PreparationRequest(module, null, AMPLE, Optional.empty());

    assertThat(failure(prepare(request)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start-loop|RehearsalFailed|time budget",
        "trap-always|RehearsalFailed|trapped (",
        "settings-loop|SettingsCheckFailed|time budget",
        "instantiate-loop|SettingsCheckFailed|time budget"
      })
  void aModuleThatFailsItsFirstRunsIsNotServed(String module, Reason reason, String message) {
    var failure = failure(prepare(hostileRequest(module, BRIEF)));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(message);
  }

  @Test
  void aFailedRehearsalNamesItsRequest() {
    assertThat(failure(prepare(hostileRequest("trap-always", AMPLE))).message())
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
    var failure = failure(prepare(hostileRequest(module, AMPLE)));

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
    var answer = misbehave(module, AMPLE);

    assertThat(answer.ending()).isEqualTo(new Ending.Overran(budget));
    assertFailed(answer, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless-loop", "long-poll"})
  void aTimeoutSaysSo(String module) {
    var answer = misbehave(module, BRIEF);

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
    var answer = misbehave(module, AMPLE);

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
    var answer = misbehave(module, AMPLE);

    assertThat(answer.ending()).isEqualTo(new Ending.Unreadable());
    assertFailed(answer, message);
  }

  @Test
  void policiesOfOneModuleShareItsProgram() {
    var one = value(prepare(sampleRequest("no-latest-tag", "good", AMPLE)));
    var other = value(prepare(sampleRequest("no-latest-tag", "good", AMPLE)));

    assertThat(other.module()).isSameAs(one.module());
    assertThat(other).isNotSameAs(one);
  }

  @Test
  void aPinnedModuleIsTakenFromTheStore() throws Exception {
    var source = folder.resolve("policy.wasm");
    Files.copy(SAMPLES.resolve("no-latest-tag/policy.wasm"), source);
    var request = request(source, settings("no-latest-tag", "good"), AMPLE);
    var first = value(prepare(request)).fetched();
    Files.write(source, hostile("trap"));

    var pinned = new Pinned(first.immutableReference(), first.digest());
    var again =
        value(
            prepare(
                new PreparationRequest(
                    request.module(), request.settings(), AMPLE, Optional.of(pinned))));
    assertThat(again.fetched().digest()).isEqualTo(first.digest());
  }

  @Test
  void aPolicyThatLoopsHoldsUpNoOther() throws Exception {
    var steps = new CopyOnWriteArrayList<String>();
    var slow =
        new FutureTask<>(() -> preparer.prepare(hostileRequest("start-loop", AMPLE), steps::add));
    var slowThread = Thread.ofPlatform().start(slow);
    await().until(() -> steps.contains("rehearsing a request"));

    assertThat(prepare(sampleRequest("no-latest-tag", "good", AMPLE)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(slow.isDone()).isFalse();

    slowThread.interrupt();
    assertThat(failure(slow.get()).reason()).isEqualTo(Reason.InternalError);
    await().untilAsserted(() -> assertThat(threadNames()).noneMatch(n -> n.contains("proving")));
  }

  @Test
  void guestCodeRunsOnGuestThreadsOnly() {
    var policy = value(prepare(sampleRequest("raw-quota", "good", AMPLE)));

    assertThatThrownBy(() -> policy.evaluate(rawRequest("{}"), AMPLE))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  private PolicyAnswer misbehave(String module, EvaluationBudget budget) {
    var policy = value(prepare(hostileRequest(module, AMPLE)));
    var review = podReviewTree();
    assertThat(evaluate(policy, AdmissionReviewFixtures.podRequest(), AMPLE).response().allowed())
        .isTrue();
    review.withObject("/request/object/metadata/labels").put("please", "misbehave");
    var decoded = (Decoded.Request) AdmissionReviews.decode(Json.write(review));
    return evaluate(policy, decoded.request(), budget);
  }

  private static void assertFailed(PolicyAnswer answer, String message) {
    assertThat(answer.response().allowed()).isFalse();
    var status = answer.response().status().orElseThrow();
    assertThat(status.code()).hasValue(500);
    assertThat(status.message().orElseThrow()).contains(message);
  }

  private PolicyAnswer evaluate(
      PreparedPolicy policy, ValidationRequest request, EvaluationBudget budget) {
    try {
      return guests.submit(() -> policy.evaluate(request, budget)).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Outcome<PreparedPolicy> prepare(PreparationRequest request) {
    return preparer.prepare(request, StepListener.NONE);
  }

  private static PreparationRequest sampleRequest(
      String sample, String settings, EvaluationBudget budget) {
    return request(
        SAMPLES.resolve(sample).resolve("policy.wasm"), settings(sample, settings), budget);
  }

  private PreparationRequest hostileRequest(String module, EvaluationBudget budget) {
    var file = folder.resolve(module + ".wasm");
    try {
      Files.write(file, value(MetadataWriter.annotate(hostile(module), metadata())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return request(file, null, budget);
  }

  private static PreparationRequest request(
      Path file, @Nullable JsonNode settings, EvaluationBudget budget) {
    var reference = "file://" + file.toAbsolutePath().normalize();
    return new PreparationRequest(reference, settings, budget, Optional.empty());
  }

  private static ValidationRequest sampleRequestFile(
      PreparedPolicy policy, String sample, String name) {
    var json = read(SAMPLES.resolve(sample).resolve("requests").resolve(name + ".json"));
    var decoded =
        policy.metadata().policyType() == PolicyType.RAW
            ? AdmissionReviews.decodeRawRequest(json)
            : AdmissionReviews.decodeRequest(json);
    assertThat(decoded).isInstanceOf(Decoded.Request.class);
    return ((Decoded.Request) decoded).request();
  }

  private static JsonNode settings(String sample, String name) {
    var file = SAMPLES.resolve(sample).resolve("settings").resolve(name + ".json");
    return tree(text(read(file)));
  }

  private static byte[] hostile(String module) {
    return read(Path.of("src", "test", "resources", "hostile", module + ".wasm"));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PolicyMetadata metadata() {
    var rule = new Rule(List.of(""), List.of("v1"), List.of("pods"), List.of("CREATE"));
    return new PolicyMetadata(
        Optional.empty(),
        List.of(rule),
        Collections.emptySortedMap(),
        false,
        true,
        ExecutionMode.WASI,
        PolicyType.KUBERNETES,
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        Optional.empty());
  }
}
