package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.json.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A policy's settings: a JSON object, encoded once. */
public final class PolicySettings {
  private final byte[] json;

  private PolicySettings(byte[] json) {
    this.json = json;
  }

  /** Takes spec.settings; nothing and null mean an empty object. */
  public static Outcome<PolicySettings> of(@Nullable JsonNode settings) {
    if (settings == null || settings.isNull() || settings.isMissingNode()) {
      return Outcome.done(new PolicySettings(Json.write(Json.object())));
    }
    if (!settings.isObject()) {
      return refused(
          "must be an object, not " + settings.getNodeType().name().toLowerCase(Locale.ROOT));
    }
    if (!Json.isWellFormed(settings)) {
      return refused("hold a text that is not Unicode: half of a surrogate pair");
    }
    return Outcome.done(new PolicySettings(Json.write(settings)));
  }

  private static Outcome<PolicySettings> refused(String why) {
    return Outcome.failed(Reason.SettingsRejected, "Policy settings are invalid: they " + why);
  }

  /** The object as JSON, which is the guest's input for its check; callers must not change it. */
  public byte[] json() {
    return json;
  }
}
