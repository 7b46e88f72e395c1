package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Attempt.Fault;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What HTTP's ways to fail mean for a policy. */
final class HttpFailures {
  private HttpFailures() {}

  /** An answer other than 200, after redirects. */
  static <T> Outcome<T> status(HttpReply reply) {
    var status = reply.status();
    var said = said(reply);
    return switch (status) {
      case 401, 403 -> denied(reply, "it is not readable without credentials, or does not exist");
      case 404, 410 ->
          Outcome.failed(Reason.ModuleNotFound, said + "; check the name, tag or digest");
      case 429 ->
          Outcome.failed(
              Reason.ModuleSourceUnreachable, said + " (too many requests); Warder tries again");
      default ->
          Outcome.failed(
              Reason.ModuleSourceUnreachable, said + " instead of 200; check the source");
    };
  }

  /** An answer of 401 or 403. */
  static <T> Outcome<T> denied(HttpReply reply, String why) {
    return Outcome.failed(Reason.ModuleSourceDenied, said(reply) + "; " + why);
  }

  private static String said(HttpReply reply) {
    return HttpText.of(reply.uri()) + " answered HTTP " + reply.status();
  }

  static Failure tooSlow(URI uri, String what, Duration limit) {
    return new Failure(
        Reason.ModuleFetchTimeout,
        "the answer of %s %s %s ms; check the source or raise the limit"
            .formatted(HttpText.of(uri), what, limit.toMillis()));
  }

  /** No answer, or one that broke off. */
  static Failure broken(URI uri, @Nullable Throwable cause, FetchLimits limits) {
    var where = HttpText.of(uri);
    return switch (cause) {
      case HttpTimeoutException e ->
          new Failure(
              Reason.ModuleFetchTimeout,
              "no connection to %s within %s ms; check host, port and network"
                  .formatted(where, limits.connectTimeout().toMillis()));
      case SSLHandshakeException e ->
          noAnswer(
              "no TLS connection to " + where + ": " + e.getMessage(),
              "check its certificate, its name and who signed it");
      case SSLException e ->
          noAnswer(
              "no TLS connection to " + where + ": " + e.getMessage(),
              "check that the port speaks HTTPS");
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          noAnswer("host " + uri.getHost() + " is not known", "check its name and the DNS");
      case ConnectException e ->
          noAnswer(
              "no connection to "
                  + where
                  + ": "
                  + Objects.requireNonNullElse(e.getMessage(), "refused"),
              "check host, port and network");
      case null -> noAnswer("the answer of " + where + " broke off", "check the source");
      default ->
          noAnswer(
              "the answer of "
                  + where
                  + " broke off: "
                  + Objects.requireNonNullElse(
                      cause.getMessage(), cause.getClass().getSimpleName()),
              "check the source");
    };
  }

  /** Whether a second try may help. */
  static Fault fault(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException e -> Fault.LASTING;
      case SSLHandshakeException e -> Fault.TLS;
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          Fault.LASTING;
      case null, default -> Fault.CONNECTION;
    };
  }

  private static Failure noAnswer(String problem, String remedy) {
    return new Failure(Reason.ModuleSourceUnreachable, problem + "; " + remedy);
  }

  static <T> Outcome<T> unreachable(String problem, String remedy) {
    return new Outcome.Failed<>(noAnswer(problem, remedy));
  }
}
