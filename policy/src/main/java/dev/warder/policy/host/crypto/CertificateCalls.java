package dev.warder.policy.host.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.host.call.CallQueue;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.Shape;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code crypto/v1/is_certificate_trusted}: whether a certificate leads to the last one of a chain,
 * or without a chain to an authority that Java trusts. Any use of keys is accepted, names are not
 * looked at, and whether the authority itself has expired does not matter.
 */
public final class CertificateCalls implements AutoCloseable {
  private static final Shape CERTIFICATE =
      Shape.object().required("encoding", Shape.TEXT).required("data", Shape.listOf(Shape.BYTE));

  /** {@code not_after} must be there, if only as null; it is the time to judge at. */
  public static final Shape PAYLOAD =
      Shape.object()
          .required("cert", CERTIFICATE)
          .optional("cert_chain", Shape.listOf(CERTIFICATE))
          .required("not_after", Shape.nullOr(Shape.TEXT));

  private static final int THREADS = 2;
  private static final int MAX_CHAIN = 16;

  private final CallQueue queue = new CallQueue("crypto", THREADS);
  private final CertificateJudge judge = new CertificateJudge();
  private final Clock clock;

  public CertificateCalls(Clock clock) {
    this.clock = clock;
  }

  /** Judges a certificate, off the guest's thread: parsers of certificates are large. */
  public Answer judge(JsonNode payload) {
    return queue.ask(() -> judged(payload));
  }

  private Reply judged(JsonNode payload) {
    try {
      var certificate = GivenCertificate.read(payload.path("cert"), "cert");
      var at = time(payload.path("not_after"));
      var chain = chain(payload.path("cert_chain"));
      var objection = judge.objection(certificate, chain, at);
      var answer = Json.object();
      answer.put("trusted", objection.isEmpty());
      answer.put("reason", objection.orElse(""));
      return Reply.granted(Json.write(answer));
    } catch (UnusableCertificateException e) {
      return CallFailures.refused(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<List<X509Certificate>> chain(JsonNode given)
      throws UnusableCertificateException {
    if (given.isMissingNode()) {
      return Optional.empty();
    }
    if (given.size() > MAX_CHAIN) {
      throw new UnusableCertificateException(
          "cert_chain has more than " + MAX_CHAIN + " certificates");
    }
    var chain = new ArrayList<X509Certificate>();
    for (var i = 0; i < given.size(); i++) {
      chain.add(GivenCertificate.read(given.get(i), "cert_chain[" + i + "]"));
    }
    return Optional.of(List.copyOf(chain));
  }

  private Instant time(JsonNode notAfter) throws UnusableCertificateException {
    var text = notAfter.asText("");
    if (notAfter.isNull() || text.isEmpty()) {
      return clock.instant();
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new UnusableCertificateException(
          "not_after is not in RFC3339 format: give it like 2030-01-31T12:00:00Z");
    }
  }

  @Override
  public void close() {
    queue.close();
  }
}
