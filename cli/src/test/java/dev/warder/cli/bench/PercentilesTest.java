package dev.warder.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PercentilesTest {
  @Test
  void areTimesThatWereMeasuredInMilliseconds() {
    var hundred = LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000_000).toArray();

    assertThat(Percentiles.ofNanos(hundred)).isEqualTo(new Percentiles(50, 95, 99));
    assertThat(hundred[0]).as("the caller's order").isEqualTo(100_000_000);
  }

  @Test
  void ofFewTimesAreTheNearestThatCoversEnoughOfThem() {
    assertThat(Percentiles.ofNanos(new long[] {3_000_000, 1_000_000, 2_000_000}))
        .isEqualTo(new Percentiles(2, 3, 3));
    assertThat(Percentiles.ofNanos(new long[] {500_000})).isEqualTo(new Percentiles(0.5, 0.5, 0.5));
  }

  @Test
  void needATime() {
    assertThatThrownBy(() -> Percentiles.ofNanos(new long[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
