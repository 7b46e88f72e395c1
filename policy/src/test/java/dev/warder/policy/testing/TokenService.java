package dev.warder.policy.testing;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A token service as registries use one: gives a token for a password (GET) or for a refresh token
 * (POST), for whatever scope is asked for.
 */
public record TokenService(TestTls tls, String user, String password, String refreshToken)
    implements Function<Request, Answer> {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  @Override
  public Answer apply(Request request) {
    if (request.method().equals("POST")) {
      var form = parameters(request.body());
      return refreshToken.equals(form.get("refresh_token"))
          ? token("access_token", form.getOrDefault("scope", ""))
          : Answer.status(401);
    }
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return request.authorization().equals("Basic " + Base64.getEncoder().encodeToString(pair))
        ? token(
            "token", parameters(URI.create(request.path()).getRawQuery()).getOrDefault("scope", ""))
        : Answer.status(401);
  }

  private static Map<String, String> parameters(String text) {
    return Arrays.stream(text.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private Answer token(String member, String scope) {
    var parts = scope.split(":", -1);
    var actions =
        Arrays.stream(parts[2].split(",", -1)).collect(Collectors.joining("\",\"", "\"", "\""));
    var now = Instant.now().getEpochSecond();
    var claims =
        """
        {"iss": "test", "sub": "%s", "aud": "registry", "jti": "%s",
         "nbf": %d, "iat": %d, "exp": %d,
         "access": [{"type": "repository", "name": "%s", "actions": [%s]}]}"""
            .formatted(user, UUID.randomUUID(), now - 60, now - 60, now + 300, parts[1], actions);
    var json = "{\"%s\": \"%s\"}".formatted(member, signed(claims));
    return Answer.ok("application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private String signed(String claims) {
    try {
      var certificate = Base64.getEncoder().encodeToString(tls.certificate().getEncoded());
      var header = "{\"alg\": \"ES384\", \"typ\": \"JWT\", \"x5c\": [\"" + certificate + "\"]}";
      var text = encoded(header) + "." + encoded(claims);
      var signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(tls.key());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
