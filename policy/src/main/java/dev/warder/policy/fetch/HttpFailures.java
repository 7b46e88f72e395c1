package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
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
    var said = HttpText.of(reply.uri()) + " answered HTTP " + status;
    return switch (status) {
      case 401, 403 ->
          Outcome.failed(
              Reason.ModuleSourceDenied,
              said + "; it is not readable without credentials, or does not exist");
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

  static <T> Outcome<T> tooSlow(URI uri, String what, Duration limit) {
    return Outcome.failed(
        Reason.ModuleFetchTimeout,
        "the answer of %s %s %s ms; check the source or raise the limit"
            .formatted(HttpText.of(uri), what, limit.toMillis()));
  }

  /** No answer, or one that broke off. */
  static <T> Outcome<T> broken(URI uri, @Nullable Throwable cause, FetchLimits limits) {
    var where = HttpText.of(uri);
    return switch (cause) {
      case HttpTimeoutException e ->
          Outcome.failed(
              Reason.ModuleFetchTimeout,
              "no connection to %s within %s ms; check host, port and network"
                  .formatted(where, limits.connectTimeout().toMillis()));
      case SSLHandshakeException e ->
          unreachable(
              "no TLS connection to " + where + ": " + e.getMessage(),
              "check its certificate, its name and who signed it");
      case SSLException e ->
          unreachable(
              "no TLS connection to " + where + ": " + e.getMessage(),
              "check that the port speaks HTTPS");
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          unreachable("host " + uri.getHost() + " is not known", "check its name and the DNS");
      case ConnectException e ->
          unreachable(
              "no connection to "
                  + where
                  + ": "
                  + Objects.requireNonNullElse(e.getMessage(), "refused"),
              "check host, port and network");
      case null -> unreachable("the answer of " + where + " broke off", "check the source");
      default ->
          unreachable(
              "the answer of "
                  + where
                  + " broke off: "
                  + Objects.requireNonNullElse(
                      cause.getMessage(), cause.getClass().getSimpleName()),
              "check the source");
    };
  }

  static <T> Outcome<T> unreachable(String problem, String remedy) {
    return Outcome.failed(Reason.ModuleSourceUnreachable, problem + "; " + remedy);
  }
}
