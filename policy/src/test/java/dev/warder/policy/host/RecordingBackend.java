package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is behind the gate in its tests: remembers what came through. */
final class RecordingBackend implements HostBackend {
  static final String ANSWER = "carried out";

  final List<HostOperation> called = new ArrayList<>();
  final List<String> logged = new ArrayList<>();

  @Override
  public Answer call(HostOperation operation, JsonNode payload) {
    called.add(operation);
    return Reply.granted(ANSWER.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void log(String policy, String uid, byte[] payload) {
    logged.add(new String(payload, StandardCharsets.UTF_8));
  }
}
