package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.util.Optional;

/** Speaks with a registry about one repository, logged in if the registry wants that. */
final class RegistrySession {
  private final HttpFollower http;
  private final URI endpoint;
  private final String repository;
  private final RegistryLogin login;
  private volatile Optional<String> authorization = Optional.empty();

  RegistrySession(HttpFollower http, URI endpoint, String repository, RegistryLogin login) {
    this.http = http;
    this.endpoint = endpoint;
    this.repository = repository;
    this.login = login;
  }

  /** The address of {@code manifests/<tag or digest>} or {@code blobs/<digest>}. */
  URI address(String path) {
    return endpoint.resolve("/v2/" + repository + "/" + path);
  }

  /** Sends a GET within the repository; done only if the answer is 200. */
  Outcome<HttpReply> get(HttpCall call, Deadline deadline) {
    return send(call, deadline)
        .then(reply -> reply.ok() ? Outcome.done(reply) : HttpFailures.status(reply));
  }

  /** Sends a request within the repository; done with any answer but 401 and 403. */
  Outcome<HttpReply> send(HttpCall call, Deadline deadline) {
    var sent = authorization;
    return http.send(authorized(call, sent), deadline)
        .then(
            reply ->
                reply.status() == 401 && HttpCall.sameOrigin(reply.uri(), endpoint)
                    ? retried(call, sent, reply, deadline)
                    : Outcome.done(reply))
        .then(
            reply ->
                switch (reply.status()) {
                  case 401, 403 -> login.denied(reply);
                  default -> Outcome.done(reply);
                });
  }

  /** Once more, with what the refusal asks for: a token may also have run out. */
  private Outcome<HttpReply> retried(
      HttpCall call, Optional<String> sent, HttpReply refusal, Deadline deadline) {
    return login
        .answer(refusal.headers(), deadline)
        .then(
            fresh -> {
              if (fresh.isEmpty() || fresh.equals(sent)) {
                return Outcome.done(refusal);
              }
              authorization = fresh;
              return http.send(authorized(call, fresh), deadline);
            });
  }

  private static HttpCall authorized(HttpCall call, Optional<String> value) {
    return value.map(call::withAuthorization).orElse(call);
  }
}
