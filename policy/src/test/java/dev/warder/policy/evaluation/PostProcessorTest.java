package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.evaluation.AdmissionResponse.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PostProcessorTest {
  private static final String PATCH = "[{\"op\":\"remove\",\"path\":\"/a\"}]";
  private static final String FORBIDDEN =
      "Request rejected by policy clusterwide-p. The policy attempted to mutate the request, but it"
          + " is currently configured to not allow mutations. Set spec.mutating to true to allow"
          + " them.";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void monitorModeAllowsEverythingUnchanged(boolean mayMutate) {
    var answer = answer(false, Optional.of(PATCH), Optional.of(Status.of("no")));

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.MONITOR, mayMutate, "custom")))
        .isEqualTo(answer(true, Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerWithoutPatchPassesTheMutationGuard(boolean mayMutate) {
    var refusal = answer(false, Optional.empty(), Optional.of(Status.of("no")));
    var consent = answer(true, Optional.empty(), Optional.of(Status.of("fine")));

    assertThat(PostProcessor.apply(refusal, rules(PolicyMode.PROTECT, mayMutate)))
        .isEqualTo(refusal);
    assertThat(PostProcessor.apply(consent, rules(PolicyMode.PROTECT, mayMutate)))
        .isEqualTo(consent);
  }

  @Test
  void aPolicyThatMayMutateKeepsItsPatch() {
    var answer = answer(true, Optional.of(PATCH), Optional.empty());

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.PROTECT, true))).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPatchThatIsNotAllowedIsARefusalWithoutCode(boolean accepted) {
    var own = new Status(Optional.of("own"), OptionalInt.of(403), List.of());
    var answer = answer(accepted, Optional.of(PATCH), Optional.of(own));

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.PROTECT, false)))
        .isEqualTo(answer(false, Optional.empty(), Optional.of(Status.of(FORBIDDEN))));
  }

  @Test
  void aCustomMessageTakesThePlaceOfTheOriginalWhichBecomesACause() {
    var own = new Status(Optional.of("own"), OptionalInt.of(403), List.of());
    var answer = answer(false, Optional.empty(), Optional.of(own));

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.PROTECT, true, "custom")).status())
        .contains(new Status(Optional.of("custom"), OptionalInt.of(403), List.of("own")));
  }

  @Test
  void aCustomMessageOfASilentRefusalHasAnEmptyCause() {
    var expected = new Status(Optional.of("custom"), OptionalInt.empty(), List.of(""));

    assertThat(
            PostProcessor.apply(
                    answer(false, Optional.empty(), Optional.empty()),
                    rules(PolicyMode.PROTECT, true, "custom"))
                .status())
        .contains(expected);
  }

  @Test
  void aCustomMessageSaysNothingAboutConsent() {
    var answer = answer(true, Optional.of(PATCH), Optional.of(Status.of("fine")));

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.PROTECT, true, "custom")))
        .isEqualTo(answer);
  }

  @Test
  void aCustomMessageComesAfterTheMutationGuard() {
    var answer = answer(true, Optional.of(PATCH), Optional.empty());

    assertThat(PostProcessor.apply(answer, rules(PolicyMode.PROTECT, false, "custom")))
        .isEqualTo(
            answer(
                false,
                Optional.empty(),
                Optional.of(
                    new Status(Optional.of("custom"), OptionalInt.empty(), List.of(FORBIDDEN)))));
  }

  @Test
  void anOverloadIsTellingAndNeverRefusesInMonitorMode() {
    var refusal = Rejections.overloaded("u", PolicyMode.PROTECT);

    assertThat(refusal.allowed()).isFalse();
    assertThat(refusal.uid()).isEqualTo("u");
    assertThat(refusal.status().orElseThrow().code()).hasValue(429);
    assertThat(refusal.status().orElseThrow().message().orElseThrow())
        .contains("overloaded", "Try again");
    assertThat(Rejections.overloaded("u", PolicyMode.MONITOR))
        .isEqualTo(
            new AdmissionResponse(
                "u", true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource
  void modesReadBackTheirLabels(PolicyMode mode) {
    assertThat(PolicyMode.parse(mode.label())).contains(mode);
    assertThat(PolicyMode.parse(mode.name())).isEmpty();
  }

  private static AdmissionResponse answer(
      boolean allowed, Optional<String> patch, Optional<Status> status) {
    return new AdmissionResponse(
        "u",
        allowed,
        patch,
        status,
        Optional.of(Map.of("k", "v")),
        Optional.of(List.of("careful")));
  }

  private static PolicyRules rules(PolicyMode mode, boolean mayMutate) {
    return new PolicyRules(mode, mayMutate, Optional.empty(), "clusterwide-p");
  }

  private static PolicyRules rules(PolicyMode mode, boolean mayMutate, String message) {
    return new PolicyRules(mode, mayMutate, Optional.of(message), "clusterwide-p");
  }
}
