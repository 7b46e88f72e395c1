package dev.warder.policy.wasi;

import java.nio.charset.StandardCharsets;

/** The one door through which a guest asks the host for something. */
@FunctionalInterface
public interface HostCallGate {
  /** Answers, or says what to wait for; never blocks and never throws. */
  Answer ask(HostCall call);

  /** What the guest asks for; the payload's meaning depends on the operation. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record HostCall(String binding, String namespace, String operation, byte[] payload) {}

  /** What becomes of a call. */
  sealed interface Answer permits Reply, Waiting {}

  /**
   * The answer: a payload when granted, else a UTF-8 text that says why not. The guest reads the
   * bytes next from its stdin; nobody may change them.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Reply(boolean granted, byte[] bytes) implements Answer {
    private static final byte[] NOTHING = {};

    /** Granted, and there is nothing to read. */
    public static Reply empty() {
      return new Reply(true, NOTHING);
    }

    public static Reply granted(byte[] payload) {
      return new Reply(true, payload);
    }

    public static Reply refused(String why) {
      return new Reply(false, why.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The answer is not there yet; the guest steps aside until it is. */
  record Waiting(Aside.Wait<Reply> pending) implements Answer {}

  /** Grants nothing. */
  static HostCallGate closed() {
    return call ->
        Reply.refused(
            "host capability \"%s/%s\" is not available to this policy"
                .formatted(call.namespace(), call.operation()));
  }
}
