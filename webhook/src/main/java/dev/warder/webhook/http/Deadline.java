package dev.warder.webhook.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The moment by which an answer must be ready.
 *
 * @param nanoTime as {@link System#nanoTime()} counts
 * @param margin what is left after it until the API server gives up
 */
record Deadline(long nanoTime, Duration margin) {
  /** What the API server uses when a webhook configuration names no timeout. */
  static final Duration API_SERVER_DEFAULT = Duration.ofSeconds(10);

  /** The longest that a webhook configuration can ask for. */
  static final Duration API_SERVER_MAXIMUM = Duration.ofSeconds(30);

  private static final Duration MOST_MARGIN = Duration.ofMillis(500);

  /** The moment that comes when all of the duration but the margin has gone. */
  static Deadline within(Duration duration, Duration margin) {
    return new Deadline(System.nanoTime() + duration.minus(margin).toNanos(), margin);
  }

  /**
   * The deadline that follows from the {@code timeout} query parameter of the API server. A tenth
   * of it (at most 500 ms) is kept back, so that the answer arrives before the API server gives up.
   *
   * @param timeout as Go writes durations; what is absent, unreadable or not positive counts as
   *     {@link #API_SERVER_DEFAULT}, what is more than {@link #API_SERVER_MAXIMUM} as that
   */
  static Deadline ofQuery(@Nullable String timeout) {
    var asked = timeout == null ? API_SERVER_DEFAULT : readOrDefault(timeout);
    var tenth = asked.dividedBy(10);
    return within(asked, tenth.compareTo(MOST_MARGIN) < 0 ? tenth : MOST_MARGIN);
  }

  private static Duration readOrDefault(String timeout) {
    return GoDuration.parse(timeout)
        .filter(Duration::isPositive)
        .map(asked -> asked.compareTo(API_SERVER_MAXIMUM) > 0 ? API_SERVER_MAXIMUM : asked)
        .orElse(API_SERVER_DEFAULT);
  }

  /** Zero or negative once it has passed. */
  Duration remaining() {
    return Duration.ofNanos(nanoTime - System.nanoTime());
  }

  /** How much longer an evaluation that ends at the deadline may take to hand over its answer. */
  Duration grace() {
    return margin.dividedBy(2);
  }
}
