package dev.warder.webhook.http;

import java.time.Duration;

/**
 * What the admission server allows.
 *
 * @param workers evaluations that run at once
 * @param queuedRequests requests that wait for a worker
 * @param bodyBytes size of one request body
 * @param heldBodyBytes size of all request bodies that are held at one time
 * @param bodyTime from a request's head to the end of its body
 * @param idleTime after which a silent connection is closed; longer than the 90 s after which the
 *     API server drops idle connections, so that it is never the server that closes first
 * @param stopTime in which accepted requests are finished when the server stops
 */
public record AdmissionLimits(
    int workers,
    int queuedRequests,
    int bodyBytes,
    long heldBodyBytes,
    Duration bodyTime,
    Duration idleTime,
    Duration stopTime) {
  public AdmissionLimits {
    if (workers < 1 || queuedRequests < 1 || bodyBytes < 1 || heldBodyBytes < bodyBytes) {
      throw new IllegalArgumentException(
          "workers, queuedRequests and bodyBytes must be positive, heldBodyBytes not less than"
              + " bodyBytes");
    }
    if (!bodyTime.isPositive() || !idleTime.isPositive() || stopTime.isNegative()) {
      throw new IllegalArgumentException("times must be positive");
    }
  }

  /** One worker per core, 256 waiting, 8 MiB each and 64 MiB in all, 10 s, 120 s, 30 s. */
  public static AdmissionLimits defaults() {
    return new AdmissionLimits(
        Runtime.getRuntime().availableProcessors(),
        256,
        8 << 20,
        64 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(120),
        Duration.ofSeconds(30));
  }

  /** The same with another number of workers and of places in the queue. */
  public AdmissionLimits withPool(int workerThreads, int queuePlaces) {
    return new AdmissionLimits(
        workerThreads, queuePlaces, bodyBytes, heldBodyBytes, bodyTime, idleTime, stopTime);
  }

  /** The same with other times. */
  public AdmissionLimits withTimes(Duration body, Duration idle, Duration stop) {
    return new AdmissionLimits(workers, queuedRequests, bodyBytes, heldBodyBytes, body, idle, stop);
  }
}
