package dev.warder.policy.evaluation;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.HostCallGate;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a policy asked the host and was told, so that it can be told the same again: two runs are
 * compared only if they saw the same, and warm-up asks nobody.
 */
final class RecordedCalls {
  /** A longer reply would be held in memory for warm-up only. */
  static final int MAX_KEPT_BYTES = 256 << 10;

  /** All replies together: a policy may make thousands of calls, and is served for months. */
  static final int MAX_KEPT_BYTES_IN_ALL = 4 << 20;

  private final Map<Digest, Reply> replies;

  RecordedCalls() {
    this(new ConcurrentHashMap<>());
  }

  private RecordedCalls(Map<Digest, Reply> replies) {
    this.replies = replies;
  }

  /** Passes calls on to a gate, unless they were made before, and records what comes back. */
  HostCallGate through(HostCallGate gate) {
    return call -> known(call).<Answer>map(reply -> reply).orElseGet(() -> recorded(gate, call));
  }

  private Answer recorded(HostCallGate gate, HostCall call) {
    var key = key(call);
    return switch (gate.ask(call)) {
      case Reply reply -> kept(key, reply);
      case Waiting(var wait) -> new Waiting(() -> kept(key, wait.outcome()));
    };
  }

  private Reply kept(Digest key, Reply reply) {
    replies.put(key, reply);
    return reply;
  }

  /** Answers what was recorded and refuses all else. */
  HostCallGate alone() {
    return call ->
        known(call).orElseGet(() -> Reply.refused("nobody is asked while the policy warms up"));
  }

  private Optional<Reply> known(HostCall call) {
    return Optional.ofNullable(replies.get(key(call)));
  }

  /**
   * Stands for a call: a guest that is only tried may make as many as one that serves, each with
   * megabytes that must not be held until it ends.
   */
  private static Digest key(HostCall call) {
    var sha256 = Digest.sha256();
    for (var name : List.of(call.binding(), call.namespace(), call.operation())) {
      var utf8 = name.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
      sha256.update(utf8);
    }
    return Digest.ofHash(sha256.digest(call.payload()));
  }

  /** The same without what is too long to be kept for warm-up; the shortest replies stay. */
  RecordedCalls small() {
    var small =
        replies.entrySet().stream()
            .filter(entry -> entry.getValue().bytes().length <= MAX_KEPT_BYTES)
            .sorted(Comparator.comparingInt(entry -> entry.getValue().bytes().length))
            .toList();
    var kept = new HashMap<Digest, Reply>();
    var bytes = 0L;
    for (var entry : small) {
      bytes += entry.getValue().bytes().length;
      if (bytes > MAX_KEPT_BYTES_IN_ALL) {
        break;
      }
      kept.put(entry.getKey(), entry.getValue());
    }
    return new RecordedCalls(Map.copyOf(kept));
  }
}
