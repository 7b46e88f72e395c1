package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.Shape;
import dev.warder.policy.json.UnexpectedJsonException;
import dev.warder.policy.wasi.Run;
import java.util.Optional;

/** What the outcome of {@code validate-settings} means. */
final class SettingsCheck {
  private static final Shape RESPONSE =
      Shape.object().required("valid", Shape.BOOLEAN).optional("message", Shape.TEXT);

  private SettingsCheck() {}

  /** Gives back the settings if the policy takes them. */
  static Outcome<PolicySettings> of(PolicySettings settings, Run run) {
    return switch (RunOutput.of(run)) {
      case RunOutput.Failed(var _, var message, var _) -> checkFailed(message);
      case RunOutput.Answer(var stdout, var _) -> read(settings, stdout);
    };
  }

  private static Outcome<PolicySettings> read(PolicySettings settings, String stdout) {
    try {
      var answer = RESPONSE.fit(Json.read(stdout), "answer");
      if (answer.path("valid").booleanValue()) {
        return Outcome.done(settings);
      }
      var message = Optional.ofNullable(answer.path("message").textValue()).orElse("no message");
      return Outcome.failed(Reason.SettingsRejected, "Policy settings are invalid: " + message);
    } catch (UnexpectedJsonException e) {
      return checkFailed("cannot deserialize settings validation response: " + e.reason());
    }
  }

  private static Outcome<PolicySettings> checkFailed(String message) {
    return Outcome.failed(
        Reason.SettingsCheckFailed, "The policy's check of its settings failed: " + message);
  }
}
