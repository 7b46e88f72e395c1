package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.wasi.HostCallGate.Answer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Which thread's host calls belong to a session; all others go their usual way. */
public final class HostSessions {
  private final Map<Thread, HostSession> current = new ConcurrentHashMap<>();

  /** Runs something whose guests, on this thread, belong to the session. */
  public <T> T within(HostSession session, Supplier<T> work) {
    current.put(Thread.currentThread(), session);
    try {
      return work.get();
    } finally {
      current.remove(Thread.currentThread());
    }
  }

  HostBackend wrap(HostBackend backend) {
    return new HostBackend() {
      @Override
      public Answer call(HostOperation operation, JsonNode payload) {
        var session = current.get(Thread.currentThread());
        return session == null
            ? backend.call(operation, payload)
            : session.call(operation, payload, backend);
      }

      @Override
      public void log(String policy, String uid, byte[] payload) {
        backend.log(policy, uid, payload);
      }
    };
  }
}
