package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Host calls of one evaluation, being recorded or answered from a record. */
public sealed interface HostSession {
  /** Carries a call out, or answers it. */
  Answer call(HostOperation operation, JsonNode payload, HostBackend backend);

  /** Records what is asked and answered. */
  final class Recording implements HostSession {
    private final List<Exchange> exchanges = new ArrayList<>();

    @Override
    public Answer call(HostOperation operation, JsonNode payload, HostBackend backend) {
      return switch (backend.call(operation, payload)) {
        case Reply reply -> recorded(operation, payload, reply);
        case Waiting(var pending) ->
            new Waiting(() -> recorded(operation, payload, pending.outcome()));
      };
    }

    private synchronized Reply recorded(HostOperation operation, JsonNode payload, Reply reply) {
      exchanges.add(new Exchange(Exchange.Request.of(operation, payload), reply));
      return reply;
    }

    /** What was asked so far. */
    public synchronized List<Exchange> exchanges() {
      return List.copyOf(exchanges);
    }
  }

  /** Answers from a record, in its order; nobody else is asked. */
  final class Replaying implements HostSession {
    private final Deque<Exchange> left;

    public Replaying(List<Exchange> exchanges) {
      left = new ArrayDeque<>(exchanges);
    }

    @Override
    public synchronized Answer call(
        HostOperation operation, JsonNode payload, HostBackend backend) {
      var request = Exchange.Request.of(operation, payload);
      var expected = left.poll();
      if (expected == null) {
        return Reply.refused("Replay error: the list of recorded responses is empty");
      }
      return expected.request().equals(request)
          ? expected.reply()
          : Reply.refused(
              "Replay error: unexpected request. Was expecting %s, got %s instead"
                  .formatted(expected.request().text(), request.text()));
    }

    /** Recorded calls that nobody made. */
    public synchronized int left() {
      return left.size();
    }
  }
}
