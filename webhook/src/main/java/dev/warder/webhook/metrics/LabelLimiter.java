package dev.warder.webhook.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets the first values of a label through and calls all further ones {@value #OTHER}: what callers
 * send must not decide how many time series there are.
 */
final class LabelLimiter {
  static final String OTHER = "other";

  private final int limit;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  LabelLimiter(int limit) {
    this.limit = limit;
  }

  String limit(String value) {
    if (value.isEmpty() || seen.contains(value)) {
      return value;
    }
    synchronized (seen) {
      if (seen.size() >= limit) {
        return seen.contains(value) ? value : OTHER;
      }
      seen.add(value);
      return value;
    }
  }
}
