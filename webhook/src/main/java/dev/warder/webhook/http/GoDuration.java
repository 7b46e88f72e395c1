package dev.warder.webhook.http;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Go writes them ({@code 10s}, {@code 1m30s}, {@code 1.5s}, {@code 300ms}). */
final class GoDuration {
  private static final int MAX_CHARS = 64;
  private static final Pattern WHOLE =
      Pattern.compile("[-+]?(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /** Empty if Go would not take it, or if it is out of Go's range (292 years). */
  static Optional<Duration> parse(String text) {
    if (text.length() > MAX_CHARS || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    var nanos = BigInteger.ZERO;
    var parts = PART.matcher(text);
    while (parts.find()) {
      var amount = new BigDecimal(parts.group(1)).multiply(nanosPer(parts.group(2)));
      nanos = nanos.add(amount.toBigInteger());
    }
    if (nanos.compareTo(MAX_NANOS) > 0) {
      return Optional.empty();
    }
    var duration = Duration.ofNanos(nanos.longValueExact());
    return Optional.of(text.startsWith("-") ? duration.negated() : duration);
  }

  private static BigDecimal nanosPer(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "h" -> 3_600_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "s" -> 1_000_000_000L;
          case "ms" -> 1_000_000L;
          case "ns" -> 1L;
          default -> 1_000L;
        });
  }
}
