package dev.warder.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {
  private final RetryDelays delays = new RetryDelays(Duration.ofSeconds(5), Duration.ofMinutes(5));

  @Test
  void doublesUpToTheMost() {
    assertThat(delays.after(1)).hasSeconds(5);
    assertThat(delays.after(2)).hasSeconds(10);
    assertThat(delays.after(7)).hasSeconds(300);
    assertThat(delays.after(Integer.MAX_VALUE)).hasSeconds(300);
  }

  @Test
  void refusesNonsense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryDelays(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }
}
