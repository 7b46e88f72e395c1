package dev.warder.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class SteadyStateTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private final SteadyState state = new SteadyState(2 * SECOND);
  private long now;

  @Test
  void timesThatKeepFallingAreNotFlat() {
    feed(60, at -> 100 * SECOND / (at / MILLI + 100));

    assertThat(state.isFlat()).isFalse();
  }

  @Test
  void timesAreFlatOnceTheSecondHalfBringsNothing() {
    feed(3, at -> 20 * MILLI - 6 * at / 1000);
    assertThat(state.isFlat()).isFalse();

    feed(4, at -> 2 * MILLI);
    assertThat(state.isFlat()).isTrue();
  }

  @Test
  void aLateStepDownIsSeen() {
    feed(4, at -> 5 * MILLI);
    feed(1, at -> 2 * MILLI);

    assertThat(state.isFlat()).isFalse();
  }

  @Test
  void aLateStepUpIsNoProgress() {
    feed(4, at -> 5 * MILLI);
    feed(3, at -> 8 * MILLI);

    assertThat(state.isFlat()).isTrue();
  }

  @Test
  void nothingIsFlatBeforeItsLeastTime() {
    feed(1, at -> 2 * MILLI);

    assertThat(state.isFlat()).isFalse();
  }

  @Test
  void spikesDoNotMoveTheMedian() {
    feed(6, at -> at / (2 * MILLI) % 5 == 0 ? 50 * MILLI : 2 * MILLI);

    assertThat(state.isFlat()).isTrue();
    assertThat(state.newestMedian()).isEqualTo(2 * MILLI);
  }

  @Test
  void tellsWhenTimesCameWithinAFactor() {
    feed(3, at -> 6 * MILLI);
    feed(3, at -> 3 * MILLI);
    feed(6, at -> 2 * MILLI);

    assertThat(secondsUntilWithin(1.5)).isCloseTo(3, Offset.offset(0.3));
    assertThat(secondsUntilWithin(1.1)).isCloseTo(6, Offset.offset(0.3));
    assertThat(state.within(0.5, 2.0 * MILLI)).isEmpty();
  }

  @Test
  void aWindowAboveTheLimitNowAndThenDoesNotPutItOff() {
    feed(2, at -> 9 * MILLI);
    feed(10, at -> at / SECOND == 7 && at % SECOND < 200 * MILLI ? 9 * MILLI : 2 * MILLI);

    assertThat(secondsUntilWithin(1.5)).isCloseTo(2, Offset.offset(0.3));
  }

  private double secondsUntilWithin(double factor) {
    return state.within(factor, 2.0 * MILLI).orElseThrow().seconds();
  }

  /** An evaluation every 2 ms; its CPU time follows from when it is. */
  private void feed(int seconds, LongUnaryOperator cpu) {
    for (var end = now + seconds * SECOND; now < end; ) {
      now += 2 * MILLI;
      var nanos = cpu.applyAsLong(now);
      state.add(new Sample(now, nanos, nanos));
    }
  }
}
