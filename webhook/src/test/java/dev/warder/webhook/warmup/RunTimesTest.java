package dev.warder.webhook.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class RunTimesTest {
  private static final int MANY = 200_000;

  private final RunTimes times = new RunTimes();

  @Test
  void steadyTimesAreFlatAfterTheFirstWindowAndTheNextOnes() {
    assertThat(runsUntilFlat(run -> 10_000))
        .isEqualTo(RunTimes.WINDOW_RUNS * (1 + RunTimes.PATIENCE));
  }

  @Test
  void fallingTimesAreNotFlat() {
    assertThat(runsUntilFlat(run -> run < 1000 ? 100_000 - 90 * run : 10_000)).isGreaterThan(900);
  }

  @Test
  void aStepAfterAPlateauIsWaitedFor() {
    var plateau = RunTimes.WINDOW_RUNS * RunTimes.PATIENCE;

    assertThat(runsUntilFlat(run -> run < plateau ? 20_000 : 10_000)).isGreaterThan(plateau);
  }

  @Test
  void slowlyFallingTimesAreProgressAsLongAsTheyAddUp() {
    // 2 % from window to window: none falls by 5 %, some together do.
    assertThat(
            runsUntilFlat(
                run -> {
                  var window = Math.min(run, 3200) / RunTimes.WINDOW_RUNS;
                  return (int) (100_000 * Math.pow(0.98, window));
                }))
        .isGreaterThan(3000);
  }

  @Test
  void outliersDoNotCount() {
    assertThat(runsUntilFlat(run -> run % 3 == 0 ? 500_000 : 10_000))
        .isEqualTo(RunTimes.WINDOW_RUNS * (1 + RunTimes.PATIENCE));
  }

  @Test
  void fastRunsAreWatchedForAWhile() {
    var micros = 20;
    assertThat((long) runsUntilFlat(run -> micros) * micros * 1000)
        .isGreaterThanOrEqualTo(RunTimes.WINDOW_TIME.toNanos() * (1 + RunTimes.PATIENCE));
  }

  @Test
  void isNotFlatWhileTheCompilerWorks() {
    var compiled = 0L;
    for (int run = 0; run < 50 * RunTimes.WINDOW_RUNS; run++) {
      compiled += run % RunTimes.WINDOW_RUNS == 0 ? RunTimes.COMPILING.toMillis() : 0;
      times.add(Duration.ofMillis(10), compiled);
      assertThat(times.flat()).isFalse();
    }
    for (int run = 0; run < RunTimes.PATIENCE * RunTimes.WINDOW_RUNS; run++) {
      times.add(Duration.ofMillis(10), compiled);
    }

    assertThat(times.flat()).isTrue();
  }

  private int runsUntilFlat(IntUnaryOperator micros) {
    for (var run = 0; run < MANY; run++) {
      if (times.flat()) {
        return run;
      }
      times.add(Duration.ofNanos(micros.applyAsInt(run) * 1000L), 0);
    }
    throw new AssertionError("never flat");
  }
}
