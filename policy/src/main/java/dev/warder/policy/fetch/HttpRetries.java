package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.Attempt.Answered;
import dev.warder.policy.fetch.Attempt.Broken;
import dev.warder.policy.fetch.Attempt.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a request again when the server is overloaded or the connection broke. */
final class HttpRetries {
  private static final Logger LOG = LoggerFactory.getLogger(HttpRetries.class);

  private static final int MAX_RETRIES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  private final HttpTransport transport;

  HttpRetries(HttpTransport transport) {
    this.transport = transport;
  }

  /** The last answer; no pause goes beyond the deadline. */
  Outcome<HttpReply> send(HttpCall first, Deadline deadline) {
    var call = first;
    for (int retry = 0; ; retry++) {
      var attempt = transport.send(call, deadline);
      var pause = pauseAfter(attempt, retry);
      if (retry == MAX_RETRIES
          || pause.isEmpty()
          || pause.get().toNanos() >= deadline.remainingNanos()) {
        return attempt.outcome();
      }
      LOG.debug("Asking {} again in {}", HttpText.of(call.uri()), pause.get());
      try {
        Thread.sleep(pause.get());
        call = call.again();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Failed<>(HttpTransport.interrupted(call.uri()));
      } catch (IOException e) {
        return ModuleStore.failed(e);
      }
    }
  }

  /** How long to wait before the next try; empty if there should be none. */
  private static Optional<Duration> pauseAfter(Attempt attempt, int retry) {
    return switch (attempt) {
      case Broken(_, var fault) when fault == Fault.CONNECTION -> Optional.of(backoff(retry));
      case Broken _ -> Optional.empty();
      case Answered(var reply) ->
          switch (reply.status()) {
            case 429, 502, 503, 504 ->
                Optional.of(askedFor(reply.header("retry-after")).orElseGet(() -> backoff(retry)));
            default -> Optional.empty();
          };
    };
  }

  private static Duration backoff(int retry) {
    var longest = Math.min(FIRST_PAUSE.toMillis() << (retry + 1), MAX_PAUSE.toMillis());
    // Replicas that failed together must not come back together.
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }

  /** The header's value: seconds, or a date. */
  static Optional<Duration> askedFor(String retryAfter) {
    try {
      if (retryAfter.matches("[0-9]{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
      }
      var date = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
      var pause = Duration.between(Instant.now(), date.toInstant());
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
