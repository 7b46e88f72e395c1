package dev.warder.policy.wasi;

import static dev.warder.policy.wasi.TestHost.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostFunctionsTest {
  private static final int AT = 1000;
  private static final int VECTORS = 2000;
  private static final int RESULT = 3000;

  private final TestHost host = new TestHost("{\"request\":1}", Guests.AMPLE);

  @Test
  void everyFunctionOfPreview1IsThereUnderBothNames() {
    assertThat(host.functions.all())
        .hasEntrySatisfying("wasi_snapshot_preview1", preview1 -> assertThat(preview1).hasSize(46))
        .hasEntrySatisfying("wasi_unstable", unstable -> assertThat(unstable).hasSize(46));
  }

  @Test
  void theArgumentsAreTheProgramAndTheCommand() {
    assertThat(host.wasi("args_sizes_get", AT, AT + 4)).isZero();
    assertThat(host.memory.readInt(AT)).isEqualTo(2);
    assertThat(host.memory.readInt(AT + 4)).isEqualTo(21);
    assertThat(host.wasi("args_get", AT, VECTORS)).isZero();
    assertThat(host.memory.readInt(AT)).isEqualTo(VECTORS);
    assertThat(host.memory.readInt(AT + 4)).isEqualTo(VECTORS + 12);
    assertThat(host.text(VECTORS, 21)).isEqualTo("policy.wasm\0validate\0");
  }

  @Test
  void theEnvironmentIsEmpty() {
    host.memory.writeInt(AT, -1);
    host.memory.writeInt(AT + 4, -1);
    assertThat(host.wasi("environ_sizes_get", AT, AT + 4)).isZero();
    assertThat(host.memory.readInt(AT)).isZero();
    assertThat(host.memory.readInt(AT + 4)).isZero();
    assertThat(host.wasi("environ_get", AT, VECTORS)).isZero();
  }

  @Test
  void stdinIsDrainedAndItsEndIsNotFinal() {
    host.vector(VECTORS, AT, 5);
    host.vector(VECTORS + 8, AT + 5, 100);
    assertThat(read(2)).isEqualTo("{\"request\":1}");
    assertThat(read(2)).isEmpty();
    host.guest.descriptors().stdin().append(Modules.utf8("more"));
    assertThat(read(1)).isEqualTo("more");
    assertThat(read(1)).isEmpty();
  }

  private String read(int vectors) {
    assertThat(host.wasi("fd_read", 0, VECTORS, vectors, RESULT)).isZero();
    return host.text(AT, host.memory.readInt(RESULT));
  }

  @Test
  void whatIsAppendedComesAfterWhatWasNotRead() {
    host.vector(VECTORS, AT, 4);
    assertThat(read(1)).isEqualTo("{\"re");
    host.guest.descriptors().stdin().append(Modules.utf8("!"));
    host.vector(VECTORS, AT, 100);
    assertThat(read(1)).isEqualTo("quest\":1}!");
  }

  @Test
  void writesAreCollectedPerDescriptor() {
    host.vector(VECTORS, AT, host.put(AT, "one"));
    host.vector(VECTORS + 8, AT + 10, host.put(AT + 10, "two"));
    assertThat(host.wasi("fd_write", 1, VECTORS, 2, RESULT)).isZero();
    assertThat(host.memory.readInt(RESULT)).isEqualTo(6);
    assertThat(host.wasi("fd_write", 2, VECTORS, 1, RESULT)).isZero();
    assertThat(host.stdout()).isEqualTo("onetwo");
    assertThat(Modules.text(host.guest.descriptors().stderr().bytes())).isEqualTo("one");
  }

  @Test
  void outputBeyondItsBudgetEndsTheRunAndKeepsWhatFits() {
    var small = new TestHost("", new EvaluationBudget(Duration.ofSeconds(2), 1, 4, 2, 1, 1));
    small.vector(VECTORS, AT, small.put(AT, "12345"));
    assertThatThrownBy(() -> small.wasi("fd_write", 1, VECTORS, 1, RESULT))
        .hasMessageStartingWith("policy exceeded its stdout budget of 4 bytes (--eval-stdout;");
    assertThat(small.stdout()).isEqualTo("1234");
    assertThatThrownBy(() -> small.wasi("fd_write", 2, VECTORS, 1, RESULT))
        .hasMessageStartingWith("policy exceeded its stderr budget of 2 bytes (--eval-stderr;");
  }

  @Test
  void descriptorsAreForOneDirection() {
    assertThat(host.wasi("fd_write", 0, VECTORS, 0, RESULT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("fd_read", 1, VECTORS, 0, RESULT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("fd_read", 3, VECTORS, 0, RESULT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("fd_read", -1, VECTORS, 0, RESULT)).isEqualTo(Errno.BADF);
  }

  @Test
  void pipesCannotSeek() {
    for (int number = 0; number < 3; number++) {
      assertThat(host.wasi("fd_seek", number, 0, 0, RESULT)).isEqualTo(Errno.SPIPE);
      assertThat(host.wasi("fd_tell", number, RESULT)).isEqualTo(Errno.SPIPE);
      assertThat(host.wasi("fd_pread", number, VECTORS, 1, 0, RESULT)).isEqualTo(Errno.SPIPE);
    }
    assertThat(host.wasi("fd_seek", 3, 0, 0, RESULT)).isEqualTo(Errno.BADF);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "1, 64", "2, 64"})
  void aDescriptorTellsItsRightsAndFlags(int number, long right) {
    assertThat(host.wasi("fd_fdstat_set_flags", number, 4)).isZero();
    assertThat(host.wasi("fd_fdstat_get", number, AT)).isZero();
    assertThat(host.memory.readByte(AT)).isZero();
    assertThat(host.memory.readShort(AT + 2)).isEqualTo(4);
    assertThat(host.memory.readLong(AT + 8) & (2L | 64L)).isEqualTo(right);
    assertThat(host.wasi("fd_fdstat_set_flags", number, 32)).isEqualTo(Errno.INVAL);
  }

  @Test
  void aClosedDescriptorIsGone() {
    assertThat(host.wasi("fd_close", 1)).isZero();
    assertThat(host.wasi("fd_close", 1)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("fd_write", 1, VECTORS, 0, RESULT)).isEqualTo(Errno.BADF);
  }

  @Test
  void aRenumberedDescriptorTakesItsStreamAlong() {
    assertThat(host.wasi("fd_renumber", 1, 2)).isZero();
    host.vector(VECTORS, AT, host.put(AT, "x"));
    assertThat(host.wasi("fd_write", 2, VECTORS, 1, RESULT)).isZero();
    assertThat(host.stdout()).isEqualTo("x");
    assertThat(host.wasi("fd_renumber", 2, 3)).isEqualTo(Errno.BADF);
  }

  @Test
  void thereAreNoDirectoriesAndNoSockets() {
    assertThat(host.wasi("fd_prestat_get", 3, AT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("path_open", 3, 0, AT, 1, 0, 0, 0, 0, RESULT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("path_open", 0, 0, AT, 1, 0, 0, 0, 0, RESULT)).isEqualTo(Errno.NOTDIR);
    assertThat(host.wasi("sock_accept", 3, 0, RESULT)).isEqualTo(Errno.BADF);
    assertThat(host.wasi("sock_accept", 1, 0, RESULT)).isEqualTo(Errno.NOTSOCK);
  }

  @Test
  void theWallClockIsTheHosts() {
    var before = Instant.now();
    assertThat(host.wasi("clock_time_get", 0, 1, AT)).isZero();
    var nanos = host.memory.readLong(AT);
    var told = Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    assertThat(told).isBetween(before, Instant.now());
  }

  @Test
  void theMonotonicClockIsNeverZeroAndNeverGoesBack() {
    assertThat(host.wasi("clock_time_get", 1, 1, AT)).isZero();
    assertThat(host.wasi("clock_time_get", 1, 1, AT + 8)).isZero();
    assertThat(host.memory.readLong(AT)).isPositive();
    assertThat(host.memory.readLong(AT + 8)).isGreaterThanOrEqualTo(host.memory.readLong(AT));
    assertThat(host.wasi("clock_res_get", 1, AT)).isZero();
    assertThat(host.memory.readLong(AT)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, -1})
  void otherClocksDoNotExist(int clock) {
    assertThat(host.wasi("clock_time_get", clock, 1, AT)).isEqualTo(Errno.INVAL);
    assertThat(host.wasi("clock_res_get", clock, AT)).isEqualTo(Errno.INVAL);
  }

  @Test
  void randomBytesFillTheBufferAndNothingElse() {
    var length = 10_000;
    assertThat(host.wasi("random_get", AT, length)).isZero();
    assertThat(host.memory.read(AT, length)).isNotEqualTo(new byte[length]);
    assertThat(host.memory.read(AT + length - 64, 64)).isNotEqualTo(new byte[64]);
    assertThat(host.memory.read(AT + length, 64)).isEqualTo(new byte[64]);
    assertThat(host.memory.read(0, AT)).isEqualTo(new byte[AT]);
  }

  @Test
  void exitCarriesTheCode() {
    assertThatThrownBy(() -> host.wasi("proc_exit", 7))
        .isInstanceOfSatisfying(Stop.Exit.class, exit -> assertThat(exit.code()).isEqualTo(7));
  }

  @ParameterizedTest
  @CsvSource({"65533, 1", "65536, 1", "-8, 1", "65532, 8193", "0, 65536", "0, 8193"})
  void vectorsOutsideTheMemoryTrap(int vectors, int count) {
    assertThatThrownBy(() -> host.wasi("fd_write", 1, vectors, count, RESULT))
        .isInstanceOf(Stop.Trap.class)
        .hasMessageContaining("out-of-range");
  }

  @Test
  void tooManyVectorsAreRefused() {
    assertThat(host.wasi("fd_write", 1, 0, -1, RESULT)).isEqualTo(Errno.INVAL);
    assertThat(host.wasi("fd_read", 0, 0, 65_537, RESULT)).isEqualTo(Errno.INVAL);
  }

  @ParameterizedTest
  @CsvSource({"0, -1", "0, 65537", "65536, 1", "-1, 1", "2147483647, 2147483647", "1, 65536"})
  void buffersOutsideTheMemoryTrap(int address, int length) {
    host.vector(VECTORS, address, length);
    assertThatThrownBy(() -> host.wasi("fd_write", 1, VECTORS, 1, RESULT))
        .isInstanceOf(Stop.Trap.class);
    assertThatThrownBy(() -> host.wasi("fd_read", 0, VECTORS, 1, RESULT))
        .isInstanceOf(Stop.Trap.class);
    assertThatThrownBy(() -> host.wasi("random_get", address, length))
        .isInstanceOf(Stop.Trap.class);
    assertThat(host.stdout()).isEmpty();
  }

  @Test
  void aGuestWithoutAMemoryTraps() {
    var guest =
        new Guest(
            Command.VALIDATE,
            new byte[0],
            EvaluationBudget.defaults(),
            new Deadline(Duration.ofSeconds(2)),
            HostCallGate.closed());
    var function = host.function(TestHost.WASI, "fd_write");
    assertThatThrownBy(() -> function.body().call(guest, new long[] {1, 0, 0, 0}))
        .isInstanceOf(Stop.Trap.class)
        .hasMessageContaining("memory");
  }

  @Test
  void everyRefusedHostCallPutsItsReasonBehindStdin() {
    var replies = new ArrayList<Integer>();
    replies.add(hostCall("host", "kubewarden", "oci", "v1/verify"));
    replies.add(hostCall("kubewarden:javy/host", "kubewarden", "net", "lookup"));
    assertThat(replies).containsOnly(1);
    host.vector(VECTORS, AT, 1000);
    assertThat(read(1))
        .isEqualTo(
            "{\"request\":1}"
                + "host capability \"oci/v1/verify\" is not available to this policy"
                + "host capability \"net/lookup\" is not available to this policy");
  }

  private int hostCall(String module, String binding, String namespace, String operation) {
    return host.call(
        module,
        "call",
        AT,
        host.put(AT, binding),
        AT + 100,
        host.put(AT + 100, namespace),
        AT + 200,
        host.put(AT + 200, operation),
        AT + 300,
        host.put(AT + 300, "{}"));
  }

  @Test
  void aGrantedHostCallAnswersZeroAndItsPayload() {
    var granting =
        new TestHost(
            "",
            EvaluationBudget.defaults(),
            call ->
                new HostCallGate.Reply(
                    true,
                    Modules.utf8(
                        call.binding()
                            + call.namespace()
                            + call.operation()
                            + Modules.text(call.payload()))));
    granting.put(AT, "abcd");
    assertThat(granting.call("host", "call", AT, 1, AT + 1, 1, AT + 2, 1, AT + 3, 1)).isZero();
    assertThat(granting.guest.descriptors().stdin().available()).isEqualTo(4);
  }

  @Test
  void hostCallsAreCounted() {
    var two = new TestHost("", new EvaluationBudget(Duration.ofSeconds(2), 1, 1, 1, 2, 1 << 20));
    assertThat(two.call("host", "call", 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(1);
    assertThat(two.call("host", "call", 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(1);
    assertThatThrownBy(() -> two.call("host", "call", 0, 0, 0, 0, 0, 0, 0, 0))
        .isInstanceOfSatisfying(
            Stop.OverBudget.class,
            over ->
                assertThat(over.message())
                    .isEqualTo(
                        "policy exceeded its budget of 2 host calls (--eval-host-calls; for one"
                            + " policy: annotation policies.warder.dev/eval-host-calls)"));
  }

  @Test
  void theBytesOfHostRepliesAreCountedBeforeTheGuestCanReadThem() {
    var ten = new EvaluationBudget(Duration.ofSeconds(2), 1, 1, 1, 100, 10);
    var granting =
        new TestHost("", ten, call -> new HostCallGate.Reply(true, Modules.utf8("seven.7")));
    assertThat(granting.call("host", "call", 0, 0, 0, 0, 0, 0, 0, 0)).isZero();
    assertThatThrownBy(() -> granting.call("host", "call", 0, 0, 0, 0, 0, 0, 0, 0))
        .isInstanceOfSatisfying(
            Stop.OverBudget.class,
            over -> {
              assertThat(over.overrun()).isEqualTo(Overrun.HOST_REPLIES);
              assertThat(over.message())
                  .isEqualTo(
                      "policy exceeded its budget of 10 bytes of host replies (--eval-host-replies;"
                          + " for one policy: annotation policies.warder.dev/eval-host-replies)");
            });
    assertThat(granting.guest.descriptors().stdin().available()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  void everyOverrunSaysWhatRaisesItsBudget(Overrun overrun) {
    assertThat(BudgetText.message(overrun, EvaluationBudget.defaults()))
        .startsWith("policy exceeded its ")
        .matches(
            ".*\\((fixed|timeoutEvalSeconds|--eval-[a-z-]+; for one policy: annotation .*)\\)");
  }

  @Test
  void namesOfAHostCallMustBeShortUtf8InsideTheMemory() {
    host.memory.write(AT, new byte[] {(byte) 0xC3, (byte) 0x28});
    assertThatThrownBy(() -> host.call("host", "call", AT, 2, 0, 0, 0, 0, 0, 0))
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> host.call("host", "call", 0, 0, 0, 2000, 0, 0, 0, 0))
        .hasMessageContaining("longer");
    assertThatThrownBy(() -> host.call("host", "call", 0, 0, 0, 0, PAGE, 1, 0, 0))
        .hasMessageContaining("out-of-range");
    assertThatThrownBy(() -> host.call("host", "call", 0, 0, 0, 0, 0, 0, PAGE - 1, 2))
        .hasMessageContaining("out-of-range");
    assertThat(host.guest.descriptors().stdin().available()).isEqualTo(13);
  }
}
