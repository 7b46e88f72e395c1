package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WasiPollTest {
  private static final int IN = 1000;
  private static final int OUT = 8000;
  private static final int COUNT = 12_000;
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int MONOTONIC = 1;
  private static final int ABSOLUTE = 1;

  private final TestHost host = new TestHost("stdin", Guests.AMPLE);
  private int subscriptions;

  private void clock(int clock, long timeoutNanos, int flags) {
    var at = next(0);
    host.memory.writeInt(at + 16, clock);
    host.memory.writeLong(at + 24, timeoutNanos);
    host.memory.writeInt(at + 40, flags);
  }

  private void descriptor(int type, int number) {
    host.memory.writeInt(next(type) + 16, number);
  }

  /** A subscription whose userdata is its place in the list, from 1. */
  private int next(int type) {
    var at = IN + subscriptions * SUBSCRIPTION_BYTES;
    subscriptions++;
    host.memory.writeLong(at, subscriptions);
    host.memory.writeInt(at + 8, type);
    return at;
  }

  private int poll() {
    return host.wasi("poll_oneoff", IN, OUT, subscriptions, COUNT);
  }

  private int events() {
    return host.memory.readInt(COUNT);
  }

  private void expectEvent(int index, int userdata, int errno, int type) {
    var at = OUT + index * EVENT_BYTES;
    assertThat(host.memory.readLong(at)).isEqualTo(userdata);
    assertThat(host.memory.readShort(at + 8)).isEqualTo(errno);
    assertThat(host.memory.readByte(at + 10)).isEqualTo(type);
  }

  @Test
  void aSleepLastsAtLeastAsLongAsAsked() {
    clock(MONOTONIC, 5_000_000, 0);
    var before = System.nanoTime();
    assertThat(poll()).isZero();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(5_000_000);
    assertThat(events()).isEqualTo(1);
    expectEvent(0, 1, 0, 0);
  }

  @Test
  void onlyTheEarliestOfSeveralClocksFires() {
    clock(MONOTONIC, Duration.ofMinutes(1).toNanos(), 0);
    clock(MONOTONIC, 1_000_000, 0);
    assertThat(poll()).isZero();
    assertThat(events()).isEqualTo(1);
    expectEvent(0, 2, 0, 0);
  }

  @Test
  void anAbsoluteTimeInThePastFiresAtOnce() {
    clock(MONOTONIC, 1, ABSOLUTE);
    clock(0, 1, ABSOLUTE);
    assertThat(poll()).isZero();
    assertThat(events()).isEqualTo(2);
  }

  @Test
  void readyDescriptorsAreToldWithoutWaiting() {
    clock(MONOTONIC, Duration.ofHours(1).toNanos(), 0);
    descriptor(1, 0);
    descriptor(2, 1);
    assertThat(poll()).isZero();
    assertThat(events()).isEqualTo(2);
    expectEvent(0, 2, 0, 1);
    assertThat(host.memory.readLong(OUT + 16)).isEqualTo(5);
    expectEvent(1, 3, 0, 2);
  }

  @Test
  void wrongSubscriptionsAreErrorsOfTheirOwn() {
    descriptor(1, 7);
    descriptor(2, 0);
    descriptor(1, 1);
    clock(9, 1, 0);
    descriptor(200, 0);
    assertThat(poll()).isZero();
    assertThat(events()).isEqualTo(5);
    expectEvent(0, 1, Errno.BADF, 1);
    expectEvent(1, 2, Errno.BADF, 2);
    expectEvent(2, 3, Errno.BADF, 1);
    expectEvent(3, 4, Errno.INVAL, 0);
    expectEvent(4, 5, Errno.INVAL, 200);
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600_000_000_000L, Long.MAX_VALUE, -1L, Long.MIN_VALUE})
  void aSleepPastTheDeadlineEndsTheRun(long nanos) {
    clock(MONOTONIC, nanos, 0);
    assertThatThrownBy(this::poll)
        .isInstanceOfSatisfying(
            Stop.OverBudget.class, over -> assertThat(over.overrun()).isEqualTo(Overrun.TIME));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4097, -1})
  void theNumberOfSubscriptionsIsBounded(int count) {
    assertThat(host.wasi("poll_oneoff", IN, OUT, count, COUNT)).isEqualTo(Errno.INVAL);
  }

  @Test
  void subscriptionsOutsideTheMemoryTrap() {
    assertThatThrownBy(() -> host.wasi("poll_oneoff", TestHost.PAGE - 47, OUT, 1, COUNT))
        .isInstanceOf(Stop.Trap.class);
    assertThatThrownBy(() -> host.wasi("poll_oneoff", IN, TestHost.PAGE - 31, 1, COUNT))
        .isInstanceOf(Stop.Trap.class);
  }

  @Test
  void theOldNameHasAnotherLayout() {
    host.memory.writeLong(IN, 42);
    host.memory.writeInt(IN + 24, MONOTONIC);
    host.memory.writeLong(IN + 32, 1_000);
    assertThat(host.call("wasi_unstable", "poll_oneoff", IN, OUT, 1, COUNT)).isZero();
    assertThat(events()).isEqualTo(1);
    expectEvent(0, 42, 0, 0);
  }
}
