package dev.warder.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshIntervalTest {
  @ParameterizedTest
  @CsvSource({"10s, PT10S", "5m, PT5M", "12h, PT12H", "7d, PT168H"})
  void readsDurations(String text, Duration duration) {
    assertThat(Outcomes.value(RefreshInterval.of(annotated(text)))).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9s", "0h", "1.5h", "-1h", "1w", "h", "1h30m", "99999999h"})
  void refusesWhatIsNone(String text) {
    var failure = Outcomes.failure(RefreshInterval.of(annotated(text)));
    assertThat(failure.reason()).isEqualTo(Reason.RefreshIntervalInvalid);
    assertThat(failure.message()).contains("'" + text + "'");
  }

  @Test
  void nothingIsAskedForWithoutTheAnnotation() {
    assertThat(Outcomes.value(RefreshInterval.of(new ClusterAdmissionPolicy()))).isEmpty();
  }

  private static ClusterAdmissionPolicy annotated(String text) {
    var policy = new ClusterAdmissionPolicy();
    policy.getMetadata().setAnnotations(Map.of(RefreshInterval.ANNOTATION, text));
    return policy;
  }
}
