package dev.warder.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How options spell durations and sizes. */
final class Quantities {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(|Ki|Mi|Gi)");

  private Quantities() {}

  /** {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}; more than nothing. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      var match = DURATION.matcher(text);
      if (!match.matches() || match.group(1).matches("0+")) {
        throw new TypeConversionException("'" + text + "' is no duration like 500ms, 2s or 5m");
      }
      var number = Long.parseLong(match.group(1));
      return switch (match.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }
  }

  /** The same, or {@code 0} for nothing. */
  static final class DurationOrOffConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return text.matches("0+(ms|s|m|h)?") ? Duration.ZERO : new DurationConverter().convert(text);
    }
  }

  /** Bytes: {@code 65536}, {@code 64Ki}, {@code 128Mi}, {@code 1Gi}; more than nothing. */
  static final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      var match = SIZE.matcher(text);
      if (!match.matches() || match.group(1).matches("0+")) {
        throw new TypeConversionException("'" + text + "' is no size like 64Ki, 128Mi or 1Gi");
      }
      var number = Long.parseLong(match.group(1));
      return switch (match.group(2)) {
        case "Ki" -> number << 10;
        case "Mi" -> number << 20;
        case "Gi" -> number << 30;
        default -> number;
      };
    }
  }
}
