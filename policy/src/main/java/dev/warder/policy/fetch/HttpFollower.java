package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.net.URI;

/**
 * Sends requests to where modules may come from, and follows the redirects of those that only read.
 */
final class HttpFollower {
  private final HttpRetries retries;
  private final InsecureHosts insecureHosts;
  private final int maxRedirects;

  HttpFollower(HttpRetries retries, InsecureHosts insecureHosts, int maxRedirects) {
    this.retries = retries;
    this.insecureHosts = insecureHosts;
    this.maxRedirects = maxRedirects;
  }

  /** The last answer, whatever its status, except redirects. */
  Outcome<HttpReply> send(HttpCall first, Deadline deadline) {
    if (!insecureHosts.allow(first.uri())) {
      return forbidden(HttpText.of(first.uri()) + " is plain HTTP", first.uri());
    }
    var call = first;
    for (int hops = 0; hops <= maxRedirects; hops++) {
      var outcome = retries.send(call, deadline);
      if (!(outcome instanceof Outcome.Done<HttpReply>(var reply))
          || !reply.isRedirect()
          || !call.follows()) {
        return outcome;
      }
      switch (target(reply)) {
        case Outcome.Done<URI>(var target) -> call = call.redirectedTo(target);
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
      target = reply.uri().resolve(reply.header("location"));
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
