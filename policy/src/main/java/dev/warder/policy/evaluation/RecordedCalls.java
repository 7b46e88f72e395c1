package dev.warder.policy.evaluation;

import dev.warder.policy.wasi.HostCallGate;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What a policy asked the host and was told, so that it can be told the same again: two runs are
 * compared only if they saw the same, and warm-up asks nobody.
 */
final class RecordedCalls {
  /** A longer reply would be held in memory for warm-up only. */
  private static final int MAX_KEPT_BYTES = 256 << 10;

  private final Map<Key, Reply> replies;

  /** A call with its payload compared by content. */
  private record Key(String binding, String namespace, String operation, ByteBuffer payload) {
    static Key of(HostCall call) {
      return new Key(
          call.binding(), call.namespace(), call.operation(), ByteBuffer.wrap(call.payload()));
    }
  }

  RecordedCalls() {
    this(new ConcurrentHashMap<>());
  }

  private RecordedCalls(Map<Key, Reply> replies) {
    this.replies = replies;
  }

  /** Passes calls on to a gate, unless they were made before, and records what comes back. */
  HostCallGate through(HostCallGate gate) {
    return call -> known(call).<Answer>map(reply -> reply).orElseGet(() -> recorded(gate, call));
  }

  private Answer recorded(HostCallGate gate, HostCall call) {
    var key = Key.of(call);
    return switch (gate.ask(call)) {
      case Reply reply -> kept(key, reply);
      case Waiting(var wait) -> new Waiting(() -> kept(key, wait.outcome()));
    };
  }

  private Reply kept(Key key, Reply reply) {
    replies.put(key, reply);
    return reply;
  }

  /** Answers what was recorded and refuses all else. */
  HostCallGate alone() {
    return call ->
        known(call).orElseGet(() -> Reply.refused("nobody is asked while the policy warms up"));
  }

  private Optional<Reply> known(HostCall call) {
    return Optional.ofNullable(replies.get(Key.of(call)));
  }

  /** The same without what is too long to be kept for warm-up. */
  RecordedCalls small() {
    return new RecordedCalls(
        replies.entrySet().stream()
            .filter(entry -> entry.getValue().bytes().length <= MAX_KEPT_BYTES)
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
