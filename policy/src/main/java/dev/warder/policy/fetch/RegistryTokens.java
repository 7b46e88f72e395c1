package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks token services for tokens. */
final class RegistryTokens {
  private static final int MAX_TOKEN_BYTES = 64 * 1024;
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpFollower http;
  private final String actions;

  /**
   * @param actions what the tokens are for if the registry does not say it
   */
  RegistryTokens(HttpFollower http, String actions) {
    this.http = http;
    this.actions = actions;
  }

  Outcome<String> get(
      BearerChallenge challenge,
      String repository,
      Optional<Credential> credential,
      Deadline deadline) {
    var scope = challenge.scope().orElse("repository:" + repository + ":" + actions);
    var answer = new MemorySink();
    var call =
        switch (credential.orElse(null)) {
          case Credential.IdentityToken(var token) -> grant(challenge, scope, token, answer);
          case Credential.Basic basic ->
              get(challenge.tokenAddress(scope), answer)
                  .withAuthorization(RegistryLogin.basic(basic));
          case null, default -> get(challenge.tokenAddress(scope), answer);
        };
    return http.send(call, deadline)
        .then(reply -> reply.ok() ? Outcome.done(reply) : refused(reply, credential.isPresent()))
        .then(reply -> readToken(answer.content(), call.uri()));
  }

  private static HttpCall get(URI address, MemorySink answer) {
    return HttpCall.get(address, Map.of(), answer, MAX_TOKEN_BYTES);
  }

  private static HttpCall grant(
      BearerChallenge challenge, String scope, String refreshToken, MemorySink answer) {
    return get(challenge.realm(), answer)
        .with("content-type", "application/x-www-form-urlencoded")
        .sending("POST", BodyPublishers.ofString(challenge.grant(scope, refreshToken)));
  }

  private static <T> Outcome<T> refused(HttpReply reply, boolean withCredential) {
    // Token services also answer 400 to a refresh token that they do not know.
    return switch (reply.status()) {
      case 400, 401, 403 ->
          HttpFailures.denied(
              reply,
              withCredential
                  ? "the token service refused the credentials; check them"
                  : "the token service gives no token without credentials");
      default -> HttpFailures.status(reply);
    };
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
