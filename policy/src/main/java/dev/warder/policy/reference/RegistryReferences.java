package dev.warder.policy.reference;

import static dev.warder.policy.reference.ReferenceTo.quoted;

import dev.warder.policy.Outcome;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The part of a reference behind {@code registry://}, by the grammar of Docker references. */
final class RegistryReferences {
  private static final String DOCKER_HUB = "docker.io";
  private static final int MAX_REPOSITORY_CHARS = 255;
  private static final String COMPONENT = "[a-z0-9]++(?:(?:\\.|__?|-++)[a-z0-9]++)*+";
  private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*+");
  static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private RegistryReferences() {}

  static Outcome<ModuleReference.Registry> parse(ReferenceTo what, String text, String rest) {
    var at = rest.indexOf('@');
    var digest = at < 0 ? Optional.<Digest>empty() : Digest.parse(rest.substring(at + 1));
    if (at >= 0 && digest.isEmpty()) {
      return what.unusable(text, "what follows @ is not sha256: and 64 lower-case hex digits");
    }
    var name = at < 0 ? rest : rest.substring(0, at);
    var colon = name.lastIndexOf(':');
    if (colon <= name.lastIndexOf('/')) {
      return located(
          what, text, name, digest.isEmpty() ? Optional.of("latest") : Optional.empty(), digest);
    }
    var tag = name.substring(colon + 1);
    if (!TAG.matcher(tag).matches()) {
      return what.unusable(
          text, "its tag is not 1 to 128 letters, digits, _ . - beginning with no . or -");
    }
    return located(what, text, name.substring(0, colon), Optional.of(tag), digest);
  }

  private static Outcome<ModuleReference.Registry> located(
      ReferenceTo what, String text, String name, Optional<String> tag, Optional<Digest> digest) {
    var slash = name.indexOf('/');
    var first = name.substring(0, Math.max(slash, 0)).toLowerCase(Locale.ROOT);
    var hasHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    var host = hasHost && !first.equals("index.docker.io") ? first : DOCKER_HUB;
    if (!ModuleReferences.isAuthority(host)) {
      return what.unusable(text, quoted(host) + " is no host[:port]");
    }
    var path = hasHost ? name.substring(slash + 1) : name;
    var repository = host.equals(DOCKER_HUB) && !path.contains("/") ? "library/" + path : path;
    if (repository.length() > MAX_REPOSITORY_CHARS || !REPOSITORY.matcher(repository).matches()) {
      return what.unusable(
          text,
          quoted(path) + " is no repository: lower-case letters and digits, parted by . _ - and /");
    }
    return Outcome.done(new ModuleReference.Registry(text, host, repository, tag, digest));
  }
}
