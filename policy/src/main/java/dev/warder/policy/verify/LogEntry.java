package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a Rekor log as it comes with a signature.
 *
 * @param integratedTime in seconds, 0 where the log tells none
 * @param promise the log's signature over all of this (SET)
 */
record LogEntry(
    Bytes body,
    long integratedTime,
    long logIndex,
    Bytes logId,
    Optional<Bytes> promise,
    Optional<InclusionProof> proof) {

  /** The log of the trust root that it names. */
  Optional<TransparencyLog> log(List<TransparencyLog> logs) {
    return logs.stream().filter(log -> log.id().equals(logId)).findFirst();
  }

  /**
   * Passes if the log vouches for the entry, by promise or proof, and by both where there are both.
   *
   * @return when the log took it in, as far as the log signed that
   */
  Optional<Instant> requireLogged(TransparencyLog log) throws UnverifiedException {
    require(
        promise.isPresent() || proof.isPresent(),
        "its log entry has neither a promise (SET) nor an inclusion proof");
    if (proof.isPresent()) {
      proof.get().requireIncludes(body, log);
    }
    if (promise.isEmpty()) {
      return Optional.empty();
    }
    require(
        log.key().verifies(promised(), promise.get().array()),
        "the promise (SET) of its log entry is not signed by the log, or is of another entry");
    var time = time();
    require(
        log.period().contains(time), "its log entry is of a time at which the log did not count");
    return Optional.of(time);
  }

  private Instant time() throws UnverifiedException {
    try {
      return Instant.ofEpochSecond(integratedTime);
    } catch (DateTimeException _) {
      throw new UnverifiedException("its log entry is of no possible time");
    }
  }

  /** Canonical JSON (RFC 8785), which of these members is as plain as this. */
  private byte[] promised() {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(body.base64(), integratedTime, HexFormat.of().formatHex(logId.array()), logIndex)
        .getBytes(StandardCharsets.UTF_8);
  }
}
