package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers what a registry asks of those who want to read one repository. A credential goes to the
 * registry itself and to the token service that the registry names over verified TLS; one that is
 * listed as insecure may only name a service on its own host, as anybody could speak for it.
 */
final class RegistryLogin {
  private static final Pattern BASIC = Pattern.compile("(?i)(?:^|,)\\s*Basic(?:\\s|$)");

  private final RegistryTokens tokens;
  private final InsecureHosts insecureHosts;
  private final URI endpoint;
  private final String host;
  private final String repository;
  private final Optional<Credential> credential;

  RegistryLogin(
      RegistryTokens tokens,
      InsecureHosts insecureHosts,
      URI endpoint,
      Mirrors.Place place,
      Optional<Credential> credential) {
    this.tokens = tokens;
    this.insecureHosts = insecureHosts;
    this.endpoint = endpoint;
    this.host = place.host();
    this.repository = place.repository();
    this.credential = credential;
  }

  /** The Authorization header that the refusal asks for; empty if there is nothing to send. */
  Outcome<Optional<String>> answer(HttpHeaders refusal, Deadline deadline) {
    var challenges = refusal.allValues("www-authenticate");
    var bearer = BearerChallenge.find(challenges);
    if (credential.orElse(null) instanceof Credential.RegistryToken(var token)) {
      return Outcome.done(Optional.of("Bearer " + token));
    }
    if (bearer.isPresent()) {
      return token(bearer.get(), deadline).map(token -> Optional.of("Bearer " + token));
    }
    var wantsBasic = challenges.stream().anyMatch(value -> BASIC.matcher(value).find());
    return Outcome.done(
        wantsBasic && credential.orElse(null) instanceof Credential.Basic basic
            ? Optional.of(basic(basic))
            : Optional.empty());
  }

  private Outcome<String> token(BearerChallenge challenge, Deadline deadline) {
    if (credential.isPresent() && !mayKnow(challenge.realm())) {
      return Outcome.failed(
          Reason.ModuleSourceForbidden,
          "%s is listed as insecure and names the token service %s on another host; credentials"
                  .formatted(host, HttpText.of(challenge.realm()))
              + " do not go there: serve the registry over verified TLS");
    }
    return tokens.get(challenge, repository, credential, deadline);
  }

  private boolean mayKnow(URI realm) {
    return !insecureHosts.lists(endpoint) || endpoint.getHost().equalsIgnoreCase(realm.getHost());
  }

  /** What a 401 or 403 means after all that could be sent was sent. */
  <T> Outcome<T> denied(HttpReply reply) {
    if (!HttpCall.sameOrigin(reply.uri(), endpoint)) {
      return HttpFailures.denied(
          reply, host + " redirected there, and the credentials of a registry go to no other host");
    }
    return HttpFailures.denied(
        reply,
        credential.isPresent()
            ? "the credentials for " + host + " were refused; check them and what they may read"
            : "no credentials were found for "
                + host
                + ", and without them it is not readable, or does not exist");
  }

  static String basic(Credential.Basic basic) {
    var pair = basic.user() + ":" + basic.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
