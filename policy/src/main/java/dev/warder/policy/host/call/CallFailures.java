package dev.warder.policy.host.call;

import dev.warder.policy.wasi.HostCallGate.Reply;

/** The words of calls that were allowed and failed. */
public final class CallFailures {
  private static final int MAX_CHARS = 4096;
  private static final String FAILED = "Callback evaluation failure: ";

  private CallFailures() {}

  /** A failure, in Kubewarden's words, of limited length. */
  public static Reply refused(String why) {
    return Reply.refused(
        FAILED + (why.length() <= MAX_CHARS ? why : why.substring(0, MAX_CHARS) + "…"));
  }
}
