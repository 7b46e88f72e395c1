package dev.warder.policy.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials of a docker {@code config.json}, which is also what an imagePullSecret holds. An
 * entry is for a host or for the repositories below {@code host/path}; the longest one counts.
 */
public final class DockerConfig implements Credentials {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, Credential> entries;
  private final Map<String, String> helpers;
  private final Optional<String> usualHelper;

  private DockerConfig(
      Map<String, Credential> entries, Map<String, String> helpers, Optional<String> usualHelper) {
    this.entries = Map.copyOf(entries);
    this.helpers = Map.copyOf(helpers);
    this.usualHelper = usualHelper;
  }

  /**
   * Reads what the file itself holds; helper programs that it names are not run. Fails with {@code
   * CredentialsInvalid}, and repeats nothing of the file.
   */
  public static Outcome<DockerConfig> parse(byte[] content) {
    return parse(content, false);
  }

  /** Reads the file, and runs the helper programs that it names when they are needed. */
  public static Outcome<DockerConfig> parseWithHelpers(byte[] content) {
    return parse(content, true);
  }

  private static Outcome<DockerConfig> parse(byte[] content, boolean helpersAllowed) {
    if (content.length > MAX_BYTES) {
      return invalid("it is larger than " + MAX_BYTES + " bytes");
    }
    try {
      var json = JSON.readTree(content);
      if (!json.isObject()) {
        return invalid("it is not a JSON object");
      }
      var entries = entries(json.path("auths"));
      return helpersAllowed
          ? Outcome.done(new DockerConfig(entries, helpers(json), helper(json.path("credsStore"))))
          : Outcome.done(new DockerConfig(entries, Map.of(), Optional.empty()));
    } catch (Unusable e) {
      return invalid(e.problem);
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      return invalid(
          "it is not JSON at line "
              + (place == null ? "1" : place.getLineNr() + ", column " + place.getColumnNr()));
    } catch (IOException e) {
      return invalid("it cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static <T> Outcome<T> invalid(String problem) {
    return Outcome.failed(
        Reason.CredentialsInvalid,
        "the docker config.json is not usable: " + problem + "; write it anew with docker login");
  }

  @Override
  public Optional<Credential> find(String host, String repository) {
    var registry = registry(host);
    var helper = Optional.ofNullable(helpers.get(registry)).or(() -> usualHelper);
    return helper
        .flatMap(name -> CredentialHelper.ask(name, dockerName(registry)))
        .or(() -> longest(registry + "/" + repository));
  }

  private Optional<Credential> longest(String name) {
    for (var prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('/'))) {
      var found = entries.get(prefix);
      if (found != null || !prefix.contains("/")) {
        return Optional.ofNullable(found);
      }
    }
  }

  private static Map<String, Credential> entries(JsonNode auths) throws Unusable {
    var entries = new HashMap<String, Credential>();
    check(auths.isMissingNode() || auths.isNull() || auths.isObject(), "auths is not an object");
    for (var auth : auths.properties()) {
      var credential = credential(auth.getKey(), auth.getValue());
      credential.ifPresent(found -> entries.putIfAbsent(key(auth.getKey()), found));
    }
    return entries;
  }

  private static Map<String, String> helpers(JsonNode json) throws Unusable {
    var helpers = new HashMap<String, String>();
    for (var entry : json.path("credHelpers").properties()) {
      helper(entry.getValue()).ifPresent(name -> helpers.put(key(entry.getKey()), name));
    }
    return helpers;
  }

  private static Optional<String> helper(JsonNode name) throws Unusable {
    var text = name.asText();
    check(
        text.isEmpty() || CredentialHelper.isName(text),
        "a credential helper is named by more than letters, digits, . _ and -");
    return Optional.of(text).filter(helper -> !helper.isEmpty());
  }

  private static Optional<Credential> credential(String key, JsonNode entry) throws Unusable {
    var where = "the entry " + key(key) + " of auths ";
    check(entry.isObject(), where + "is not an object");
    if (entry.path("registrytoken").asText().length() > 0) {
      return Optional.of(new Credential.RegistryToken(entry.path("registrytoken").asText()));
    }
    if (entry.path("identitytoken").asText().length() > 0) {
      return Optional.of(new Credential.IdentityToken(entry.path("identitytoken").asText()));
    }
    var auth = entry.path("auth").asText();
    if (auth.isEmpty()) {
      var user = entry.path("username").asText();
      return user.isEmpty()
          ? Optional.empty()
          : Optional.of(new Credential.Basic(user, entry.path("password").asText()));
    }
    var pair = decoded(auth, where);
    var colon = pair.indexOf(':');
    check(colon > 0, where + "has an auth that is not user:password in base64");
    // Docker itself has filled the password up with zero bytes.
    var password = pair.substring(colon + 1).replaceAll("\0+$", "");
    return Optional.of(new Credential.Basic(pair.substring(0, colon), password));
  }

  private static String decoded(String base64, String where) throws Unusable {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Unusable(where + "has an auth that is not base64");
    }
  }

  /** An entry's key without scheme and API version: {@code host[:port][/path]}. */
  private static String key(String text) {
    var name = text.strip().toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    name = name.replaceFirst("/+$", "").replaceFirst("/v[12]$", "");
    var slash = name.indexOf('/');
    return slash < 0 ? registry(name) : registry(name.substring(0, slash)) + name.substring(slash);
  }

  private static String registry(String host) {
    return switch (host) {
      case "index.docker.io", "registry-1.docker.io" -> HostNames.DOCKER_HUB;
      default -> host;
    };
  }

  private static String dockerName(String registry) {
    return registry.equals(HostNames.DOCKER_HUB) ? "https://index.docker.io/v1/" : registry;
  }

  private static void check(boolean good, String problem) throws Unusable {
    if (!good) {
      throw new Unusable(problem);
    }
  }

  @Override
  public String toString() {
    return "DockerConfig[entries for " + entries.keySet().stream().sorted().toList() + "]";
  }

  /** Never leaves this class. */
  private static final class Unusable extends Exception {
    private final String problem;

    Unusable(String problem) {
      super(problem);
      this.problem = problem;
    }
  }
}
