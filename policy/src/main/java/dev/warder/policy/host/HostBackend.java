package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.wasi.HostCallGate.Answer;

/** Who carries out calls that the gate has let through. */
// Public only for the sealed interface that is.
public interface HostBackend {
  /**
   * Never blocks.
   *
   * @param payload in the operation's shape
   */
  Answer call(HostOperation operation, JsonNode payload);

  /** What a guest logs; not an operation that could fail. */
  void log(String policy, String uid, byte[] payload);
}
