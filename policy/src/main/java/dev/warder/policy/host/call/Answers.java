package dev.warder.policy.host.call;

import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.util.function.UnaryOperator;

/** What can be done with an answer before it is there. */
public final class Answers {
  private Answers() {}

  /** The answer, changed if it is a payload. */
  public static Answer map(Answer answer, UnaryOperator<byte[]> change) {
    return switch (answer) {
      case Reply reply -> changed(reply, change);
      case Waiting(var wait) -> new Waiting(() -> changed(wait.outcome(), change));
    };
  }

  private static Reply changed(Reply reply, UnaryOperator<byte[]> change) {
    return reply.granted() ? Reply.granted(change.apply(reply.bytes())) : reply;
  }
}
