package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeadlineTest {
  @ParameterizedTest
  @CsvSource({
    "1s, PT0.9S, PT0.05S",
    "10s, PT9.5S, PT0.25S",
    "30s, PT29.5S, PT0.25S",
    "1h, PT29.5S, PT0.25S",
    "0s, PT9.5S, PT0.25S",
    "-5s, PT9.5S, PT0.25S",
    "soon, PT9.5S, PT0.25S",
    ", PT9.5S, PT0.25S"
  })
  void keepsAMarginOfTheCallersTimeout(
      @Nullable String timeout, Duration expected, Duration grace) {
    var before = System.nanoTime();

    var deadline = Deadline.ofQuery(timeout);

    assertThat(deadline.nanoTime())
        .isBetween(before + expected.toNanos(), System.nanoTime() + expected.toNanos());
    assertThat(deadline.grace()).isEqualTo(grace);
  }
}
