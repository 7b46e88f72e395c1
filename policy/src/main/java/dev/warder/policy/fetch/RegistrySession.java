package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads from one repository, with an anonymous token if the registry wants one. */
final class RegistrySession {
  private static final int MAX_TOKEN_BYTES = 64 * 1024;
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpFollower http;
  private final URI endpoint;
  private final String repository;
  private final Deadline deadline;
  private Optional<String> token = Optional.empty();

  RegistrySession(HttpFollower http, URI endpoint, String repository, Deadline deadline) {
    this.http = http;
    this.endpoint = endpoint;
    this.repository = repository;
    this.deadline = deadline;
  }

  /** The address of {@code manifests/<tag or digest>} or {@code blobs/<digest>}. */
  URI address(String path) {
    return endpoint.resolve("/v2/" + repository + "/" + path);
  }

  /** Sends a GET within the repository; done only if the answer is 200. */
  Outcome<HttpReply> get(HttpGet get) {
    return http.get(token.map(get::withToken).orElse(get), deadline)
        .then(reply -> wantsToken(reply) ? retried(get, reply) : Outcome.done(reply))
        .then(reply -> reply.ok() ? Outcome.done(reply) : HttpFailures.status(reply));
  }

  private boolean wantsToken(HttpReply reply) {
    return reply.status() == 401 && token.isEmpty();
  }

  private Outcome<HttpReply> retried(HttpGet get, HttpReply refusal) {
    var challenge = BearerChallenge.find(refusal.headers().allValues("www-authenticate"));
    if (challenge.isEmpty()) {
      return Outcome.done(refusal);
    }
    return anonymousToken(challenge.get())
        .then(
            fresh -> {
              token = Optional.of(fresh);
              return http.get(get.withToken(fresh), deadline);
            });
  }

  private Outcome<String> anonymousToken(BearerChallenge challenge) {
    var answer = new MemorySink();
    var address = challenge.tokenAddress(repository);
    return http.get(HttpGet.of(address, Map.of(), answer, MAX_TOKEN_BYTES), deadline)
        .then(reply -> reply.ok() ? Outcome.done(reply) : HttpFailures.status(reply))
        .then(reply -> readToken(answer.content(), address));
  }

  private static Outcome<String> readToken(byte[] answer, URI address) {
    try {
      var json = JSON.readTree(answer);
      var token = json.path("token").asText(json.path("access_token").asText());
      if (TOKEN.matcher(token).matches()) {
        return Outcome.done(token);
      }
    } catch (IOException e) {
      return HttpFailures.unreachable(
          HttpText.of(address) + " gave no readable token: " + e.getClass().getSimpleName(),
          "check the registry");
    }
    return HttpFailures.unreachable(HttpText.of(address) + " gave no token", "check the registry");
  }
}
