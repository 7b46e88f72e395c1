package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.bytes;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podRequest;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.Outcome.Done;
import dev.warder.policy.Outcome.Failed;
import dev.warder.policy.Reason;
import dev.warder.policy.json.Json;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.Run;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicySettingsTest {
  private static final byte[] NOTHING = new byte[0];

  @Test
  void takesNothingAsAnEmptyObject() {
    for (JsonNode nothing :
        new @Nullable JsonNode[] {null, NullNode.instance, MissingNode.getInstance()}) {
      assertThat(text(settings(nothing).json())).isEqualTo("{}");
    }
  }

  @Test
  void keepsAnObjectAsItIs() {
    var json = "{\"a\":{\"b\":[1.0,null,\"ü\"]}}";

    assertThat(text(settings(tree(json)).json())).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]|array", "\"a\"|string", "1|number", "true|boolean", "[{\"a\":1}]|array"})
  void refusesWhatIsNoObject(String json, String kind) {
    assertFailed(
        PolicySettings.of(tree(json)),
        Reason.SettingsRejected,
        "Policy settings are invalid: they must be an object, not " + kind);
  }

  @Test
  void refusesTextThatIsNotUnicode() {
    var settings = Json.object();
    settings.set("a", TextNode.valueOf("\ud800"));

    assertFailed(
        PolicySettings.of(settings),
        Reason.SettingsRejected,
        "Policy settings are invalid: they hold a text that is not Unicode: half of a surrogate"
            + " pair");
  }

  @Test
  void areWrappedWithTheRequest() {
    var input = ValidateInput.of(podRequest(), settings(tree("{\"a\":1}")));

    assertThat(text(input))
        .isEqualTo("{\"request\":" + text(podRequest().json()) + ",\"settings\":{\"a\":1}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"valid\":true}",
        " {\"valid\":true,\"message\":null}\n",
        "{\"valid\":true,\"message\":\"fine\",\"other\":1}"
      })
  void areAcceptedByThePolicy(String stdout) {
    var settings = settings(null);

    assertThat(SettingsCheck.of(settings, exited(stdout))).isEqualTo(Outcome.done(settings));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"valid\":false,\"message\":\"labels is empty\"}|labels is empty",
        "{\"valid\":false}|no message",
        "{\"valid\":false,\"message\":null}|no message"
      })
  void areRefusedByThePolicy(String stdout, String message) {
    assertFailed(
        SettingsCheck.of(settings(null), exited(stdout)),
        Reason.SettingsRejected,
        "Policy settings are invalid: " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "fine",
        "{\"valid\":\"true\"}",
        "{\"valid\":true,\"message\":1}",
        "{\"valid\":true}{\"valid\":true}"
      })
  void areNotAcceptedByAnAnswerThatCannotBeRead(String stdout) {
    assertThat(failure(SettingsCheck.of(settings(null), exited(stdout))))
        .startsWith(
            "The policy's check of its settings failed: cannot deserialize settings validation"
                + " response: ");
  }

  @Test
  void areNotAcceptedByACheckThatFails() {
    var prefix = "The policy's check of its settings failed: ";
    var settings = settings(null);

    assertFailed(
        SettingsCheck.of(settings, new Run.Exited(1, bytes("{\"valid\":true}"), bytes(" why\n"))),
        Reason.SettingsCheckFailed,
        prefix + "why");
    assertFailed(
        SettingsCheck.of(settings, new Run.Trapped("unreachable", NOTHING)),
        Reason.SettingsCheckFailed,
        prefix + "the policy trapped (unreachable) and printed nothing on stderr");
    assertFailed(
        SettingsCheck.of(settings, new Run.Overran(Overrun.TIME, "took over 2 s", NOTHING)),
        Reason.SettingsCheckFailed,
        prefix + "took over 2 s");
    assertFailed(
        SettingsCheck.of(settings, new Run.NotStarted("no _start")),
        Reason.SettingsCheckFailed,
        prefix + "no _start");
    assertFailed(
        SettingsCheck.of(
            settings, new Run.Exited(0, bytes("{\"valid\":true}"), new byte[] {(byte) 0xff})),
        Reason.SettingsCheckFailed,
        prefix + "cannot convert the policy's stderr pipe to text: it is not UTF-8");
  }

  private static PolicySettings settings(@Nullable JsonNode json) {
    var outcome = PolicySettings.of(json);
    assertThat(outcome).isInstanceOf(Done.class);
    return ((Done<PolicySettings>) outcome).value();
  }

  private static Run exited(String stdout) {
    return new Run.Exited(0, bytes(stdout), NOTHING);
  }

  private static void assertFailed(Outcome<?> outcome, Reason reason, String message) {
    assertThat(outcome).isEqualTo(Outcome.failed(reason, message));
  }

  private static String failure(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    var failure = ((Failed<?>) outcome).failure();
    assertThat(failure.reason()).isEqualTo(Reason.SettingsCheckFailed);
    return failure.message();
  }
}
