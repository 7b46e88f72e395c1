package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.wasi.HostCallGate.Answer;

/** Carries out nothing. */
record NoBackend() implements HostBackend {
  @Override
  public Answer call(HostOperation operation, JsonNode payload) {
    return CallFailures.refused("there is nobody to ask for " + operation.path());
  }

  @Override
  public void log(String policy, String uid, byte[] payload) {}
}
