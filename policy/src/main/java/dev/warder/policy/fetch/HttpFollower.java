package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.net.URI;

/** Sends a GET and follows redirects, but only to where modules may come from. */
final class HttpFollower {
  private final HttpTransport transport;
  private final InsecureHosts insecureHosts;
  private final int maxRedirects;

  HttpFollower(HttpTransport transport, InsecureHosts insecureHosts, int maxRedirects) {
    this.transport = transport;
    this.insecureHosts = insecureHosts;
    this.maxRedirects = maxRedirects;
  }

  /** The last answer, whatever its status, except redirects. */
  Outcome<HttpReply> get(HttpGet first, Deadline deadline) {
    if (!insecureHosts.allow(first.uri())) {
      return forbidden(HttpText.of(first.uri()) + " is plain HTTP", first.uri());
    }
    var get = first;
    for (int hops = 0; hops <= maxRedirects; hops++) {
      var outcome = transport.send(get, deadline);
      if (!(outcome instanceof Outcome.Done<HttpReply>(var reply)) || !reply.isRedirect()) {
        return outcome;
      }
      switch (target(reply)) {
        case Outcome.Done<URI>(var target) -> get = get.redirectedTo(target);
        case Outcome.Failed<URI>(var failure) -> {
          return new Outcome.Failed<>(failure);
        }
      }
    }
    return HttpFailures.unreachable(
        HttpText.of(first.uri()) + " redirects more than " + maxRedirects + " times",
        "name the last address instead");
  }

  private Outcome<URI> target(HttpReply reply) {
    var from = HttpText.of(reply.uri());
    URI target;
    try {
      target = reply.uri().resolve(reply.headers().firstValue("location").orElse(""));
    } catch (IllegalArgumentException e) {
      return HttpFailures.unreachable(from + " redirects to no address", "check the source");
    }
    if (!insecureHosts.allow(target)) {
      return forbidden(from + " redirects to " + HttpText.of(target), target);
    }
    return Outcome.done(target);
  }

  private static <T> Outcome<T> forbidden(String problem, URI target) {
    var remedy =
        "http".equalsIgnoreCase(target.getScheme())
            ? "; serve it over https, or list " + target.getRawAuthority() + " as insecure"
            : "; modules come over https only";
    return Outcome.failed(Reason.ModuleSourceForbidden, problem + remedy);
  }
}
