package dev.warder.webhook.metrics;

import java.util.Locale;

/** Where the time of a request goes. */
public enum Phase {
  /** From the end of the body to a free worker. */
  QUEUE,
  /** Reading the body. */
  DECODE,
  /** Running the policy and reading its answer. */
  EVALUATE,
  /** From the request's head to the answer. */
  TOTAL;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
