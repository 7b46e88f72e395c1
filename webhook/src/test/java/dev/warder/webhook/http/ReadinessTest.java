package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void namesWhatIsMissing() {
    readiness.expect("policies loaded");
    readiness.expect("certificate made");
    assertThat(readiness.missing()).containsExactly("certificate made", "policies loaded");

    readiness.met("certificate made");
    assertThat(readiness.missing()).containsExactly("policies loaded");

    readiness.met("policies loaded");
    assertThat(readiness.missing()).isEmpty();

    readiness.unmet("certificate made");
    assertThat(readiness.missing()).containsExactly("certificate made");
  }
}
