package dev.warder.policy.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A registry's hint where a token is had. */
record BearerChallenge(URI realm, Optional<String> service, Optional<String> scope) {
  private static final int MAX_CHARS = 8192;
  private static final Pattern SCHEME = Pattern.compile("(?i)(?:^|,)\\s*Bearer\\s+");
  private static final Pattern PARAMETER =
      Pattern.compile("\\G\\s*,?\\s*([A-Za-z_]+)\\s*=\\s*\"([^\"]*)\"");

  /** The first usable one among WWW-Authenticate headers. */
  static Optional<BearerChallenge> find(List<String> headers) {
    return headers.stream().map(BearerChallenge::parse).flatMap(Optional::stream).findFirst();
  }

  private static Optional<BearerChallenge> parse(String header) {
    var scheme = SCHEME.matcher(header);
    if (header.length() > MAX_CHARS || !scheme.find()) {
      return Optional.empty();
    }
    var parameters = new HashMap<String, String>();
    var parameter = PARAMETER.matcher(header).region(scheme.end(), header.length());
    while (parameter.find()) {
      parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), parameter.group(2));
    }
    return realm(parameters)
        .map(
            realm ->
                new BearerChallenge(
                    realm,
                    Optional.ofNullable(parameters.get("service")),
                    Optional.ofNullable(parameters.get("scope"))));
  }

  private static Optional<URI> realm(Map<String, String> parameters) {
    try {
      var realm = new URI(parameters.getOrDefault("realm", ""));
      return realm.getHost() == null ? Optional.empty() : Optional.of(realm);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Where to ask for a token with a GET. */
  URI tokenAddress(String scope) {
    var query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&");
    service.ifPresent(name -> query.append("service=").append(encoded(name)).append('&'));
    query.append("scope=").append(encoded(scope));
    var text = realm.toString();
    var end = text.indexOf('?');
    return URI.create((end < 0 ? text : text.substring(0, end)) + "?" + query);
  }

  /** The form that gives a refresh token for a token. */
  String grant(String scope, String refreshToken) {
    return "grant_type=refresh_token&client_id=warder&service="
        + encoded(service.orElse(""))
        + "&scope="
        + encoded(scope)
        + "&refresh_token="
        + encoded(refreshToken);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
