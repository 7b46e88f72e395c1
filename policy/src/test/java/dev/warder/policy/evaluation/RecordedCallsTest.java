package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.testing.Replies;
import dev.warder.policy.wasi.HostCallGate;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecordedCallsTest {
  private static final String REFUSED = "-nobody is asked while the policy warms up";
  private static final int MEBIBYTE = 1 << 20;

  private final RecordedCalls calls = new RecordedCalls();
  private int asked;

  private static HostCall call(String payload) {
    return call("oci", "v1/manifest_digest", payload.getBytes(StandardCharsets.UTF_8));
  }

  private static HostCall call(String namespace, String operation, byte[] payload) {
    return new HostCall("kubewarden", namespace, operation, payload);
  }

  /** A gate that counts and answers with so many bytes. */
  private HostCallGate answering(int bytes) {
    return _ -> {
      asked++;
      return Reply.granted(new byte[bytes]);
    };
  }

  private boolean isKept(RecordedCalls kept, String payload) {
    return !Replies.text(kept.alone().ask(call(payload))).equals(REFUSED);
  }

  @Test
  void whatWasAskedOnceIsToldAgain() {
    var gate =
        calls.through(call -> Reply.granted((" " + asked++).getBytes(StandardCharsets.UTF_8)));
    assertThat(Replies.text(gate.ask(call("a")))).isEqualTo("+ 0");
    assertThat(Replies.text(gate.ask(call("b")))).isEqualTo("+ 1");
    assertThat(Replies.text(gate.ask(call("a")))).isEqualTo("+ 0");
    assertThat(Replies.text(calls.alone().ask(call("b")))).isEqualTo("+ 1");
    assertThat(Replies.text(calls.alone().ask(call("c")))).isEqualTo(REFUSED);
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void whatIsWaitedForIsRecordedWhenItIsThere() {
    var gate = calls.through(_ -> new Waiting(() -> Reply.refused("no")));
    var answer = gate.ask(call("a"));
    assertThat(Replies.text(calls.alone().ask(call("a")))).isEqualTo(REFUSED);
    assertThat(Replies.text(answer)).isEqualTo("-no");
    assertThat(Replies.text(calls.alone().ask(call("a")))).isEqualTo("-no");
  }

  @Test
  void callsThatLookAlikeWhenPutTogetherAreOthers() {
    var gate = calls.through(answering(1));
    var payload = new byte[] {'c'};
    gate.ask(call("a", "b", payload));
    gate.ask(call("ab", "", payload));
    gate.ask(call("", "ab", payload));
    gate.ask(call("a", "", new byte[] {'b', 'c'}));
    assertThat(asked).isEqualTo(4);
  }

  @Test
  void payloadsAreNotHeld() {
    var gate = calls.through(answering(0));
    var before = usedAfterCollection();
    IntStream.range(0, 128)
        .forEach(
            i -> {
              var payload = new byte[MEBIBYTE];
              payload[0] = (byte) i;
              gate.ask(call("oci", "v1/oci_manifest", payload));
            });
    assertThat(usedAfterCollection() - before).isLessThan(32L * MEBIBYTE);
    assertThat(asked).isEqualTo(128);
    // The calls are still known, so they were reachable when memory was measured.
    gate.ask(call("oci", "v1/oci_manifest", new byte[MEBIBYTE]));
    assertThat(asked).isEqualTo(128);
  }

  @SuppressWarnings("gc") // what stays reachable is the question
  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void longRepliesAreNotKeptForWarmUp() {
    calls.through(answering(RecordedCalls.MAX_KEPT_BYTES)).ask(call("long"));
    calls.through(answering(RecordedCalls.MAX_KEPT_BYTES + 1)).ask(call("longer"));
    var kept = calls.small();
    assertThat(isKept(kept, "long")).isTrue();
    assertThat(isKept(kept, "longer")).isFalse();
    // Both runs that are compared must still see it.
    assertThat(isKept(calls, "longer")).isTrue();
  }

  @Test
  void manyRepliesAreNotAllKeptForWarmUp() {
    var gate = calls.through(answering(RecordedCalls.MAX_KEPT_BYTES));
    var all = 10 * RecordedCalls.MAX_KEPT_BYTES_IN_ALL / RecordedCalls.MAX_KEPT_BYTES;
    IntStream.range(0, all).forEach(i -> gate.ask(call("long " + i)));
    calls.through(answering(1)).ask(call("short"));
    var kept = calls.small();
    var some = IntStream.range(0, all).filter(i -> isKept(kept, "long " + i)).count();
    assertThat(some)
        .isEqualTo(RecordedCalls.MAX_KEPT_BYTES_IN_ALL / RecordedCalls.MAX_KEPT_BYTES - 1);
    assertThat(isKept(kept, "short")).isTrue();
  }
}
