package dev.warder.policy.testing;

import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.nio.charset.StandardCharsets;

/** Takes answers of the host apart in tests. */
public final class Replies {
  private Replies() {}

  /** What the guest is told, after a plus if it was granted and else after a minus. */
  public static String text(Answer answer) {
    try {
      var reply =
          switch (answer) {
            case Reply there -> there;
            case Waiting(var wait) -> wait.outcome();
          };
      return (reply.granted() ? "+" : "-") + new String(reply.bytes(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
