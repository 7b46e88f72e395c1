package dev.warder.webhook.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LabelLimiterTest {
  @Test
  void keepsTheFirstValuesAndCallsTheRestOther() {
    var limiter = new LabelLimiter(2);

    assertThat(limiter.limit("Pod")).isEqualTo("Pod");
    assertThat(limiter.limit("")).isEmpty();
    assertThat(limiter.limit("Service")).isEqualTo("Service");
    assertThat(limiter.limit("Secret")).isEqualTo("other");
    assertThat(limiter.limit("Pod")).isEqualTo("Pod");
  }
}
