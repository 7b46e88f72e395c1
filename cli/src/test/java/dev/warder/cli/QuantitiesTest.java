package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class QuantitiesTest {
  private final Quantities.DurationConverter durations = new Quantities.DurationConverter();
  private final Quantities.SizeConverter sizes = new Quantities.SizeConverter();

  @ParameterizedTest
  @CsvSource({"500ms,500", "2s,2000", "5m,300000", "1h,3600000"})
  void durations(String text, long millis) {
    assertThat(durations.convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0s,0", "00ms,0", "30s,30000"})
  void durationsThatMayBeNothing(String text, long millis) {
    assertThat(new Quantities.DurationOrOffConverter().convert(text))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"7,7", "64Ki,65536", "128Mi,134217728", "4Gi,4294967296"})
  void sizes(String text, long bytes) {
    assertThat(sizes.convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "00ms", "2", "-1s", "1.5s", "2 s", "9999999999s"})
  void noDurations(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> durations.convert(text))
        .withMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0Mi", "1k", "1MB", "-1", "1.5Gi"})
  void noSizes(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> sizes.convert(text))
        .withMessageContaining("'" + text + "'");
  }
}
