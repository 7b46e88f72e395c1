package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {
  record Part(int amount, String unit) {
    Duration duration() {
      return switch (unit) {
        case "h" -> Duration.ofHours(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "ms" -> Duration.ofMillis(amount);
        case "us", "µs", "μs" -> Duration.ofNanos(amount * 1000L);
        default -> Duration.ofNanos(amount);
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "10s, PT10S",
    "+2s, PT2S",
    "-2s, PT-2S",
    "1m30s, PT1M30S",
    "1.5s, PT1.5S",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "300ms, PT0.3S",
    "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
    "0.3333333333333333333h, PT19M59.999999999S"
  })
  void readsWhatGoReads(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "10",
        "10 s",
        "-",
        "+",
        ".s",
        "1e3s",
        "10S",
        "1d",
        "--1s",
        "1s-1s",
        "٣s",
        "9999999999999h",
        "1000000000000000000000s"
      })
  void refusesWhatGoRefuses(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Property
  void isTheSumOfItsParts(@ForAll("parts") List<Part> parts) {
    var text = new StringBuilder();
    var sum = Duration.ZERO;
    for (var part : parts) {
      text.append(part.amount()).append(part.unit());
      sum = sum.plus(part.duration());
    }
    assertThat(GoDuration.parse(text.toString())).contains(sum);
  }

  @Property
  void takesAnyTextWithoutFailing(@ForAll String text) {
    assertThat(GoDuration.parse(text))
        .satisfiesAnyOf(
            parsed -> assertThat(parsed).isEmpty(),
            parsed -> assertThat(text).containsPattern("[0-9]"));
  }

  @Provide
  Arbitrary<List<Part>> parts() {
    var amounts = Arbitraries.integers().between(0, 100_000);
    var units = Arbitraries.of("h", "m", "s", "ms", "us", "µs", "μs", "ns");
    return Combinators.combine(amounts, units).as(Part::new).list().ofMinSize(1).ofMaxSize(7);
  }
}
