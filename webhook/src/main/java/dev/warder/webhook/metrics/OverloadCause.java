package dev.warder.webhook.metrics;

import java.util.Locale;

/** Why a request was told that the server is overloaded. */
public enum OverloadCause {
  /** All places in the queue were taken. */
  QUEUE_FULL,
  /** Judging by recent run times, it would not have ended in time. */
  WAIT_TOO_LONG,
  /** It was still queued at its deadline. */
  DEADLINE,
  /** Too many bytes of request bodies were held already. */
  BODY_BYTES;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
