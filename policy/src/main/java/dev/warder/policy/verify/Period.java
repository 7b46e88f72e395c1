package dev.warder.policy.verify;

import java.time.Instant;
import java.util.Optional;

/** From when to when a key or an authority of the trust root counts, both ends included. */
record Period(Instant start, Optional<Instant> end) {
  boolean contains(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }
}
