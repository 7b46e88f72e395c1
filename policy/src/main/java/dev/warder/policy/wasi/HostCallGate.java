package dev.warder.policy.wasi;

import java.nio.charset.StandardCharsets;

/** The one door through which a guest asks the host for something. */
@FunctionalInterface
interface HostCallGate {
  /** Answers; the bytes of the reply are what the guest reads next from its stdin. */
  Reply answer(HostCall call);

  /** What the guest asks for; the payload's meaning depends on the operation. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record HostCall(String binding, String namespace, String operation, byte[] payload) {}

  /** The answer: a payload when granted, else a UTF-8 text that says why not. */
  @SuppressWarnings("ArrayRecordComponent")
  record Reply(boolean granted, byte[] bytes) {
    static Reply refused(String why) {
      return new Reply(false, why.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Grants nothing. */
  static HostCallGate closed() {
    return call ->
        Reply.refused(
            "host capability \"%s/%s\" is not available to this policy"
                .formatted(call.namespace(), call.operation()));
  }
}
